"""How the overview says when, and what a container is going through."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timeuntil

from updates.flow.session import Step

register = template.Library()

_WORDS: dict[str, str] = {
    "": "waits for its turn",
    Step.PRE_CHECK: "hook before the check",
    Step.CHECK: "is checked",
    Step.PULL: "new image is pulled",
    Step.PULLED: "new image is there",
    Step.SNAPSHOT: "what it is now is noted",
    Step.PRE_UPDATE: "hook before the update",
    Step.CREATE: "new one is created",
    Step.HOLD: "old one stops",
    Step.SWAP: "names are swapped",
    Step.START: "new one starts",
    Step.GATE: "new one has to prove itself",
    Step.POST_UPDATE: "hook after the update",
    Step.RELEASE: "old one is removed",
    Step.ROLL_BACK: "goes back to the old one",
    Step.POST_CHECK: "hook after the check",
    Step.DONE: "is done",
}


@register.filter
def going_through(step: str) -> str:
    """A step as half a sentence about the container: "new image is pulled"."""
    return _WORDS.get(step, step.replace("_", " "))


@register.filter
def ahead(moment: datetime) -> str:
    """ "in 3 hours", "in a moment", "now": one unit is enough."""
    seconds = (moment - timezone.now()).total_seconds()
    if seconds < 0:
        return "now"
    return "in a moment" if seconds < 60 else f"in {timeuntil(moment, depth=1)}"
