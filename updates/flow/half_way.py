"""The names of what is half-way: the new container before it takes its name, the old one after.

Every Watchweb gives the same ones, and an engine gives a name once: so of two that are about the
same container, the second one is refused before it has touched anything.
"""

import re

_TEMPORARY = re.compile(r".-watchweb-new-[0-9a-f]{12}")


def temporary_name(name: str, container_id: str) -> str:
    """What the new container is called until the old one has stepped aside."""
    return f"{name}-watchweb-new-{container_id[:12]}"


def aside_name(name: str, container_id: str) -> str:
    """What the old container is called once it has stepped aside."""
    return f"{name}-watchweb-{container_id[:12]}"


def is_half_way(name: str, container_id: str) -> bool:
    """True if an update is under way with it, or has left it."""
    is_aside = name.endswith(aside_name("", container_id))
    return is_aside or _TEMPORARY.search(name) is not None
