"""Pages about containers, hosts, registries and runs."""

from tests.pictures.shots import Shot, When

_HERE = "/hosts/1/containers"
FLEET = (
    Shot(
        "overview",
        "Overview",
        "/",
        "What needs you, what waits, what goes on now and what comes next: all on one screen.",
        has_wide_one=True,
    ),
    Shot(
        "overview-open",
        "Overview during an update",
        "/",
        "What goes on now, container by container.",
        when=When.DURING,
    ),
    Shot(
        "first-steps",
        "First steps",
        "/welcome/",
        "Five steps from an empty installation to one that looks after your containers.",
        when=When.BEFORE,
    ),
    Shot(
        "containers",
        "Containers",
        "/containers/",
        "Every container on every host, how its image stands to its registry, and what to do "
        "with many at once.",
        has_wide_one=True,
    ),
    Shot(
        "containers-updates",
        "Containers with an update",
        "/containers/?status=update_available",
        "The same list, narrowed to what has an update; the address can be kept and shared.",
    ),
    Shot(
        "containers-stacks",
        "Containers by stack",
        "/containers/?group=stack",
        "The same list by compose project, each with its counts.",
    ),
    Shot(
        "container",
        "A container",
        f"{_HERE}/media-player-1/",
        "What runs, what its registry has, which settings count for it, and its whole history.",
    ),
    Shot(
        "container-rolled-back",
        "A container that was rolled back",
        f"{_HERE}/shop-web-1/",
        "Why the new image was given up, and what keeps it from being tried again.",
    ),
    Shot(
        "container-update",
        "What an update changes",
        f"{_HERE}/media-player-1/update/",
        "Before anything is pulled: both images side by side, what happens step by step, and "
        "what is in its way.",
    ),
    Shot(
        "container-hold",
        "Hold a container",
        f"{_HERE}/shop-db-1/hold/",
        "Keep a container on its image, with the reason for whoever comes after you.",
    ),
    Shot(
        "hosts",
        "Hosts",
        "/hosts/",
        "Every Docker Engine: whether it answers, how many containers it has and how many are "
        "behind.",
    ),
    Shot(
        "host",
        "A host",
        "/hosts/1/",
        "One engine: what it is, how it is reached, its containers and its last runs.",
    ),
    Shot(
        "host-form",
        "Add a host",
        "/hosts/add/",
        "Over a socket, TCP with certificates, or SSH.",
    ),
    Shot(
        "host-settings",
        "A host's settings",
        "/hosts/1/settings/",
        "What is different on this host.",
    ),
    Shot(
        "registries",
        "Registries",
        "/registries/",
        "Who signs in where, whom it is trusted by, and what a rate limit leaves.",
    ),
    Shot(
        "registry",
        "A registry",
        "/registries/1/",
        "Its health, its images, and a test that shows each step of a connection.",
    ),
    Shot(
        "registry-form",
        "Add a registry",
        "/registries/add/",
        "Login, private CA and client certificate; what cannot work is refused at once.",
    ),
    Shot(
        "tokens",
        "Token cache",
        "/tokens/",
        "The tokens that registries gave out, shared by all workers; never their text.",
    ),
    Shot(
        "runs",
        "Runs",
        "/runs/",
        "Every scan and every update, who or what started it, and what came of it.",
    ),
    Shot(
        "run",
        "A run",
        "/runs/{update}/",
        "What became of each container, old and new digest, how long each step took, and why one "
        "was rolled back.",
        has_wide_one=True,
    ),
    Shot(
        "run-events",
        "A run's events",
        "/runs/{update}/events/",
        "Every line of it, from the first to the last, with its time.",
    ),
    Shot(
        "run-open",
        "A run on its way",
        "/runs/{running}/",
        "It moves by itself: where each container is at this moment.",
        when=When.DURING,
    ),
    Shot(
        "run-compare",
        "Two runs compared",
        "/runs/compare/?a={scan}&b={later}",
        "What is different between two runs, container by container.",
    ),
)
