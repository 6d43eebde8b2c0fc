"""What an update does and in which order; no Django, no docker, no socket.

The course of a run on one host
    update      list, filter, check, plan, pull, replace, clean up
    survey      filter and check, for all containers of a host
    rounds      the commands before and after everything
    execute     a plan carried out, part by part
    course      one part: containers that depend on each other
    report      what became of those that were left alone
    clean_up    old images that nothing needs

Who takes part, and how it stands
    labels      what a container's labels ask for
    filters     which containers take part; by names, pairs, scope
    check       is its image behind its registry?
    platform    which image runs where
    cooldown    how long a new image has to wait
    holds       what keeps a container on the image it has

What is set
    values      the kinds of values
    setting     what is known of one setting
    settings    all of them, in one table
    policy      which value counts, and where it comes from
    rules       the settings of one run on one host

Who comes before whom
    ties, learn what binds a container to others, asked once in its life
    identifiers whom a name means
    edges       all dependencies, each with its kind
    order       parents first
    groups      who belongs together
    plan        what will be done, each with its reason

One container recreated
    pull        the new images, each once
    decide      what comes of a planned action once the images are here
    job         what to make of it, and how that ended; endings: how it ends early
    snapshot    what it was before
    replace     the steps
    work, unit  a replacement in its stages; those that succeed or go back together
    lifecycle   its own commands; masking: without its secrets
    gate        the proof that the new one works
    way_back    the old container as it was, after any failure
    last_words  what a container that failed wrote last
    recover     a replacement that nobody finished

The words and the borders
    session     states, parameters, results
    ports       what the flow asks of an engine, a registry and a record
"""
