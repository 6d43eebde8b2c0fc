"""Which of several Watchtowers or Watchwebs a container belongs to.

Source: Watchtower's FilterByScope. An empty scope asks for all, as in the original.
"""

from collections.abc import Mapping

from updates.flow import labels
from updates.language import gettext as _

NONE = "none"


def why_outside(container_labels: Mapping[str, str], scope: str) -> str:
    """The sentence that keeps a container out of this scope; "" when it is inside.

    "" takes all; "none" takes those without a scope, or with an empty one.
    """
    own = labels.text(container_labels, "scope") or NONE
    if scope in ("", own):
        return ""
    if scope == NONE:
        why = _("Only containers without a scope take part, and its scope is %(own)r.")
    elif own == NONE:
        why = _("Only containers of the scope %(scope)r take part, and it has none.")
    else:
        why = _("Only containers of the scope %(scope)r take part, and its scope is %(own)r.")
    return why % {"scope": scope, "own": own}
