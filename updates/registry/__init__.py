"""HTTP to image registries: what digest does a tag name today?

    reference     what a person or an engine writes: domain, path, tag, digest
    config        what is known of one registry: domain, credentials, trust
    credentials   a user name with its secret, and a fingerprint that names both
    kinds         who runs a registry: what to enter, and what cannot work
    broker        saved credentials as the registry takes them, traded where it must be
    short_lived   what a cloud gives for some hours
    ecr           Amazon's trade, through boto3
    google_access Google's trade, through google-auth
    google_key    a service account's JSON key, read and judged
    docker_config logins that Docker and Watchtower keep
    docker_login  one login of a config.json
    docker_helpers  where a config.json says that other logins are
    pem           the blocks of a PEM text, or what is wrong with it
    certificates  CA bundles: read, judged, re-emitted
    ca_file       CA bundles in files
    client_certificate  what this program shows to a registry (mTLS)
    trust         the four trust modes, and the TLS context of each
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
    handshake     401, token, and again: the way from a call to its answer
    ratelimit     Retry-After and ratelimit-*, and leaving a registry alone that long
    answers       what a status code means, in a sentence
    manifest      media types, digests, descriptors
    platforms     what an index or an image's config is made for
    client        what a tag names today: the one door of this room
    probe         a connection test: those requests one at a time, each with what it found
    probe_tls     its TLS step: the chain, and which trust accepted it
    chain         one TLS handshake, and the certificates it showed
    findings      what a connection test found, a step each
    errors        the tree of everything that may go wrong

It knows no Django, no docker, and no database: callers bring a token store and a clock.
"""
