"""HTTP to image registries: what digest does a tag name today?

    reference     what a person or an engine writes: domain, path, tag, digest
    logins/       who this program is to a registry: kinds, saved secrets, what clouds lend
    tls/          whom a connection trusts: PEM, CA bundles, client certificates
    probing/      a connection test, step by step
    config        what is known of one registry: domain, credentials, trust
    addresses     which addresses a registry may lead a client to
    connections   requests' adapter, with our TLS context as its only trust
    watchdog      cuts connections off that take too long
    failures      what requests and urllib3 raise, in our words
    messages      calls and answers, and where a redirect may take a call
    transport     one HTTP request: limits, redirects, retries
    opening       a transport, made from what is known of a registry
    challenge     the grammar of WWW-Authenticate
    realm         which token service may be asked, and which may get credentials
    tokens        bearer tokens, their keys, and the store they live in
    exchange      credentials for a token
    token_document  what a token service sends, and how long it is good
    auth          which Authorization header a request needs
    sign_in       who this program turned out to be to a registry
    handshake     401, token, and again: the way from a call to its answer
    ratelimit     Retry-After and ratelimit-*, and leaving a registry alone that long
    answers       what a status code means, in a sentence
    manifest      media types, digests, descriptors
    platforms     what an index or an image's config is made for
    client        what a tag names today: the one door of this room
    errors        the tree of everything that may go wrong

It knows no Django, no docker, and no database: callers bring a token store and a clock.
"""
