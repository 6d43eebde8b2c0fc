"""How the overview says when, and what a container is going through."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from updates.flow.session import Step
from updates.templatetags.units import UNITS

register = template.Library()

_WORDS: dict[str, str] = {
    "": gettext_noop("waits for its turn"),
    Step.PRE_CHECK: gettext_noop("hook before the check"),
    Step.CHECK: gettext_noop("is checked"),
    Step.PULL: gettext_noop("new image is pulled"),
    Step.PULLED: gettext_noop("new image is there"),
    Step.SNAPSHOT: gettext_noop("what it is now is noted"),
    Step.PRE_UPDATE: gettext_noop("hook before the update"),
    Step.CREATE: gettext_noop("new one is created"),
    Step.HOLD: gettext_noop("old one stops"),
    Step.SWAP: gettext_noop("names are swapped"),
    Step.START: gettext_noop("new one starts"),
    Step.GATE: gettext_noop("new one has to prove itself"),
    Step.POST_UPDATE: gettext_noop("hook after the update"),
    Step.RELEASE: gettext_noop("old one is removed"),
    Step.ROLL_BACK: gettext_noop("goes back to the old one"),
    Step.POST_CHECK: gettext_noop("hook after the check"),
    Step.DONE: gettext_noop("is done"),
}


@register.filter
def going_through(step: str) -> str:
    """A step as half a sentence about the container: "new image is pulled"."""
    return _(_WORDS[step]) if step in _WORDS else step.replace("_", " ")


@register.filter
def ahead(moment: datetime) -> str:
    """ "in 3 hours", "in a moment", "now": one unit is enough."""
    seconds = (moment - timezone.now()).total_seconds()
    if seconds < 0:
        return pgettext("time", "now")
    if seconds < 60:
        return _("in a moment")
    return _("in %(time)s") % {"time": timeuntil(moment, depth=1, time_strings=UNITS)}
