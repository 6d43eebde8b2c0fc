"""How a run reads on its pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.translation import gettext_lazy

from updates.flow.session import State, Step
from updates.models import ContainerResult, HostRun, UpdateRun
from updates.models.run import RunState
from updates.runs.story import Taken

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
_WHOLE = 1000  # As wide as the drawing of steps is.
_TONES = {
    **dict.fromkeys((Step.HOLD, Step.SWAP, Step.START), "news"),
    Step.PULL: "busy",
    Step.GATE: "good",
    Step.ROLL_BACK: "bad",
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
def result_words(state: str) -> str:
    """What became of a container, as a label: "Rolled back"."""
    return str(ContainerResult.States(state).label)


@register.filter
def is_troubled(run: UpdateRun | HostRun) -> bool:
    """True if it came to something and not all went well; of a run with its counts."""
    counts = {state: getattr(run, f"count_{state}", 0) for state in State}
    if run.state == RunState.FAILED:
        return any(counts.values())
    return run.state == RunState.FINISHED and bool(counts[State.FAILED] + counts[State.ROLLED_BACK])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step as a part of a line: from `x` on so wide, of 1000."""

    step: str
    seconds: float
    x: str
    width: str

    @property
    def tone(self) -> str:
        """The colour family: what is down, what is waited for."""
        return _TONES.get(Step(self.step), "quiet")


@register.filter
def stretches(steps: Sequence[Taken]) -> list[Stretch]:
    """Steps one after the other on a line, each as long as it took."""
    whole = sum(one.seconds for one in steps) or 1
    found, x = [], 0.0
    for one in steps:
        width = _WHOLE * one.seconds / whole
        found.append(Stretch(one.step, one.seconds, f"{x:.0f}", f"{width:.0f}"))
        x += width
    return found


@register.filter
def longest(steps: Sequence[Taken]) -> Taken:
    """The step that took most of the time; of one or more."""
    return max(steps, key=lambda one: one.seconds)


@register.filter
def tail(text: str) -> str:
    """The last lines of it, as many as a list has room for."""
    if len(text) <= _TAIL:
        return text
    cut = text[-_TAIL:]
    return f"[…]\n{cut.partition('\n')[2] or cut}"
