"""How a run reads on its pages."""

from django import template

from updates.flow.session import Step

register = template.Library()

_TAIL = 900
_STEPS: dict[str, str] = {
    Step.PULL: "pull",
    Step.CREATE: "create",
    Step.HOLD: "stop",
    Step.SWAP: "swap",
    Step.START: "start",
    Step.GATE: "gate",
    Step.RELEASE: "release",
    Step.ROLL_BACK: "go back",
}


@register.filter
def step_words(step: str) -> str:
    """A step as people call it: "stop", "pre-update command"."""
    if known := _STEPS.get(step):
        return known
    return f"{step.replace('_', '-')} command" if "_" in step else step


@register.filter
def whole_seconds(seconds: int) -> str:
    """ "45 s", "3 min 20 s": what a script counts down."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def tail(text: str) -> str:
    """The last lines of it, as many as a list has room for."""
    if len(text) <= _TAIL:
        return text
    cut = text[-_TAIL:]
    return f"[…]\n{cut.partition('\n')[2] or cut}"
