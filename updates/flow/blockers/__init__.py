"""Why a container is not checked or not updated: each thing in the way, and what lifts it.

    blocker     the values: a kind, a sentence, what lifts it, and when
    situation   what has to be known of one container
    origins     where a setting's value comes from, in words
    selection   whether it takes part at all
    checking    whether its registry is asked, and answers
    updating    whether what the registry has may be installed, and when

It is read from what the record knows, and asks nobody.
"""

from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.checking import why_not_checked
from updates.flow.blockers.selection import why_left_out
from updates.flow.blockers.situation import HostFacts, RegistryFacts, Situation, Timed
from updates.flow.blockers.updating import why_not_updated

__all__ = [
    "Blocker",
    "BlockerKind",
    "HostFacts",
    "RegistryFacts",
    "Situation",
    "Stops",
    "Timed",
    "blockers",
]


def blockers(at: Situation) -> tuple[Blocker, ...]:
    """Everything in the way of this container; first what keeps it from being checked.

    What a person decided for later is among them also while there is no update: it will count.
    """
    out = tuple(why_left_out(at))
    if any(one.is_for_good for one in out):
        return out  # The rest would not be looked at.
    return (*out, *why_not_checked(at), *why_not_updated(at))
