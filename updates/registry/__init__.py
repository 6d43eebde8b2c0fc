"""HTTP to image registries: what digest does a tag name today?

    reference     what a person or an engine writes: domain, path, tag, digest
    config        what is known of one registry: domain, credentials, trust
    credentials   a user name with its secret, and a fingerprint that names both
    certificates  CA bundles: read, judged, re-emitted
    trust         the four trust modes, and the TLS context of each
    addresses     which addresses a registry may lead a client to
    connections   requests' adapter, with our TLS context as its only trust
    failures      what requests and urllib3 raise, in our words
    messages      calls and answers, and where a redirect may take a call
    transport     one HTTP request: limits, redirects, retries
    challenge     the grammar of WWW-Authenticate
    realm         which token service may be asked, and which may get credentials
    tokens        bearer tokens, their keys, and the store they live in
    exchange      credentials for a token
    auth          which Authorization header a request needs
    ratelimit     Retry-After and ratelimit-*
    answers       what a status code means, in a sentence
    manifest      media types, digests, descriptors
    client        the handshake in its order: the one door of this room
    errors        the tree of everything that may go wrong

It knows no Django, no docker, and no database: callers bring a token store and a clock.
"""
