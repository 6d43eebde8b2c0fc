"""Which containers take part in a run."""

import re
from collections.abc import Collection

from updates.engine.container import ContainerSummary
from updates.flow import labels
from updates.flow.session import Params

# What may stand in a name's pattern: the containers' own letters, and these wildcards.
_WILDCARDS = {"*": ".*", "?": "."}


def why_excluded(container: ContainerSummary, params: Params, own_ids: Collection[str]) -> str:
    """The sentence that keeps this container out of every run; "" when it takes part."""
    enabled = labels.boolean(container.labels, "enable")
    if enabled is False:
        return "Its enable label is false."
    if params.label_enable and enabled is not True:
        return "Only containers with the enable label take part, and it has none."
    if container.id in own_ids:
        return "Watchweb itself runs in it."
    return ""


def is_named(container: ContainerSummary, names: Collection[str]) -> bool:
    """True if no names were given, or one of them is this container's (a leading slash is ignored).

    `*` and `?` are wildcards.
    """
    return not names or any(matches(name.lstrip("/"), container.name) for name in names)


def matches(pattern: str, name: str) -> bool:
    """True if the whole name fits the pattern."""
    expression = "".join(_WILDCARDS.get(char) or re.escape(char) for char in pattern)
    return re.fullmatch(expression, name) is not None
