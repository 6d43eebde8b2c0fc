"""How a run reads on its pages."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.flow.session import Step
from updates.models import UpdateRun

register = template.Library()

_TAIL = 900
_STEPS = {
    Step.PRE_CHECK: gettext_lazy("pre-check command"),
    Step.CHECK: gettext_lazy("check"),
    Step.PULL: gettext_lazy("pull"),
    Step.PULLED: gettext_lazy("pulled"),
    Step.SNAPSHOT: gettext_lazy("snapshot"),
    Step.PRE_UPDATE: gettext_lazy("pre-update command"),
    Step.CREATE: gettext_lazy("create"),
    Step.HOLD: gettext_lazy("stop"),
    Step.SWAP: gettext_lazy("swap"),
    Step.START: gettext_lazy("start"),
    Step.GATE: gettext_lazy("gate"),
    Step.POST_UPDATE: gettext_lazy("post-update command"),
    Step.RELEASE: gettext_lazy("release"),
    Step.ROLL_BACK: gettext_lazy("go back"),
    Step.POST_CHECK: gettext_lazy("post-check command"),
    Step.DONE: gettext_lazy("done"),
}
_TRIGGERS = {
    UpdateRun.Trigger.PAGE: gettext_lazy("page"),
    UpdateRun.Trigger.COMMAND: gettext_lazy("command"),
    UpdateRun.Trigger.API: gettext_lazy("api"),
    UpdateRun.Trigger.SCHEDULE: gettext_lazy("schedule"),
    UpdateRun.Trigger.WEBHOOK: gettext_lazy("webhook"),
}


@register.filter
def step_words(step: str) -> str:
    """A step as people call it: "stop", "pre-update command"."""
    return str(_STEPS[Step(step)]) if step in _STEPS else step


@register.filter
def trigger_words(run: UpdateRun) -> str:
    """What started it, within a sentence: "schedule"."""
    return str(_TRIGGERS[UpdateRun.Trigger(run.trigger)])


@register.filter
def whole_seconds(seconds: int) -> str:
    """ "45 s", "3 min 20 s": what a script counts down."""
    minutes, rest = divmod(seconds, 60)
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)s s") % {"seconds": rest}


@register.filter
def tail(text: str) -> str:
    """The last lines of it, as many as a list has room for."""
    if len(text) <= _TAIL:
        return text
    cut = text[-_TAIL:]
    return f"[…]\n{cut.partition('\n')[2] or cut}"
