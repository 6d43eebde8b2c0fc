"""How values read on the pages."""

from django import template

register = template.Library()

_GOOD = {"up_to_date", "fresh", "updated", "restarted", "finished", "running", "healthy"}
_NEWS = {"update_available", "stale"}
_BAD = {"failed", "rolled_back", "interrupted", "unhealthy", "dead", "unreachable"}
_BUSY = {"queued", "restarting", "starting"}


@register.filter
def tone(state: str) -> str:
    """The colour family of a state: good, news, bad, busy or quiet."""
    families = {"good": _GOOD, "news": _NEWS, "bad": _BAD, "busy": _BUSY}
    return next((name for name, states in families.items() if state in states), "quiet")


@register.filter
def words(state: str) -> str:
    """ "rolled_back" as "rolled back"."""
    return state.replace("_", " ")


@register.filter
def digest(value: str) -> str:
    """The first twelve digits of a digest or id, which are enough for eyes."""
    return value.rpartition(":")[2][:12]


@register.filter
def took(seconds: float | None) -> str:
    """A duration: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"; "" when there is none."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
