"""What a container's labels ask for; `watchweb.*` wins over Watchtower's of the same ending."""

from collections.abc import Mapping

WATCHTOWER = "com.centurylinklabs.watchtower."
WATCHWEB = "watchweb."
COMPOSE_PROJECT = "com.docker.compose.project"
COMPOSE_SERVICE = "com.docker.compose.service"
COMPOSE_REPLICA = (COMPOSE_PROJECT, COMPOSE_SERVICE, "com.docker.compose.container-number")
COMPOSE_DEPENDS_ON = "com.docker.compose.depends_on"
ORIGINAL_IMAGE = "com.centurylinklabs.zodiac.original-image"
# On a short-lived container of Watchweb's own: the run that it is there for.
HELPER = "watchweb.helper"

# Go's strconv.ParseBool, which Watchtower reads its labels with.
TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


def text(labels: Mapping[str, str], ending: str) -> str:
    """The label's value without white space around it, "" when there is none."""
    for prefix in (WATCHWEB, WATCHTOWER):
        if prefix + ending in labels:
            return labels[prefix + ending].strip()
    return ""


def boolean(labels: Mapping[str, str], ending: str) -> bool | None:
    """The label as a yes or no; None when it is missing or is neither."""
    value = text(labels, ending)
    if value in TRUE:
        return True
    return False if value in FALSE else None


def stack(labels: Mapping[str, str]) -> str:
    """The compose project, "" outside of one."""
    return labels.get(COMPOSE_PROJECT, "")


def depends_on(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Container names in the depends-on label."""
    names = (name.strip().lstrip("/") for name in text(labels, "depends-on").split(","))
    return tuple(name for name in names if name)


def compose_depends_on(labels: Mapping[str, str]) -> Mapping[str, bool]:
    """Services named by compose, and whether their recreation restarts this container.

    "db:service_healthy:true,cache:service_started:false" is service:condition:restart.
    """
    entries = labels.get(COMPOSE_DEPENDS_ON, "").split(",")
    parts = (entry.strip().split(":") for entry in entries if entry.strip())
    return {one[0].strip(): len(one) > 2 and one[2].strip() in TRUE for one in parts}
