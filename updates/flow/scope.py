"""Which of several Watchtowers or Watchwebs a container belongs to.

Source: Watchtower's FilterByScope. An empty scope asks for all, as in the original.
"""

from collections.abc import Mapping

from updates.flow import labels

NONE = "none"


def why_outside(container_labels: Mapping[str, str], scope: str) -> str:
    """The sentence that keeps a container out of this scope; "" when it is inside.

    "" takes all; "none" takes those without a scope, or with an empty one.
    """
    own = labels.text(container_labels, "scope") or NONE
    if scope in ("", own):
        return ""
    if scope == NONE:
        return f"Only containers without a scope take part, and its scope is {own!r}."
    has = "it has none" if own == NONE else f"its scope is {own!r}"
    return f"Only containers of the scope {scope!r} take part, and {has}."
