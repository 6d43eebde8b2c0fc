"""How values read on the pages."""

import re
from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from updates.flow import labels, settings
from updates.flow.values import Whole
from updates.models import Container
from updates.templatetags.state_words import COUNTED, WORDS
from updates.templatetags.units import UNITS

register = template.Library()

_GOOD = {
    *("up_to_date", "fresh", "updated", "restarted", "finished", "running", "healthy"),
    *("ok", "added", "changed", "started", "sent"),
}
_NEWS = {"update_available", "stale", "warning", "kept"}
_BAD = {
    "failed",
    "rolled_back",
    "interrupted",
    "unhealthy",
    "dead",
    "unreachable",
    "left out",
    "malformed",
}
_BUSY = {"queued", "restarting", "starting", "being fetched"}
_FIRST_YEAR = 2000  # Before it there were no such images.
_BREAK_AFTER = re.compile(r"(?<=[/:@,])")


@register.filter
def tone(state: str) -> str:
    """The colour family of a state: good, news, bad, busy or quiet."""
    families = {"good": _GOOD, "news": _NEWS, "bad": _BAD, "busy": _BUSY}
    return next((name for name, states in families.items() if state in states), "quiet")


@register.filter
def words(state: str) -> str:
    """ "rolled_back" as "rolled back", in the page's language."""
    return str(WORDS.get(state, state.replace("_", " ")))


@register.filter
def counted(number: int, state: str) -> str:
    """So many containers that ended like this: "3 updated"."""
    return str(COUNTED[state] % {"count": number})


@register.filter
def inside(label: str) -> str:
    """A label as it stands inside a sentence; German nouns keep their capital."""
    return label if (get_language() or "").startswith("de") else label.lower()


@register.filter
def switch(name: str) -> str:
    """A setting as commands spell it."""
    return settings.switch(name)


@register.filter
def digest(value: str) -> str:
    """The first twelve digits of a digest or id, which are enough for eyes."""
    return value.rpartition(":")[2][:12]


@register.filter
def breakable(text: object) -> SafeString:
    """An image's name with the places where a narrow column may break it."""
    return format_html_join("", "{}<wbr>", ((part,) for part in _BREAK_AFTER.split(str(text))))


@register.filter
def ago(moment: datetime) -> str:
    """ "just now", "3 minutes ago", "2 days ago": one unit is enough."""
    if (timezone.now() - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, depth=1, time_strings=UNITS)}


@register.filter(name="moment")
def time_tag(moment: datetime) -> SafeString:
    """How long ago it was, with the moment itself for who points at it; fits into a sentence."""
    local = timezone.localtime(moment)
    whole = date_format(local, "Y-m-d H:i:s e")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, ago(moment)
    )


@register.filter
def is_monitor_only(container: Container) -> bool:
    """True if its label keeps it from being updated."""
    known: Mapping[str, str] = container.labels
    return labels.boolean(known, "monitor-only") is True


@register.filter
def took(seconds: float | None) -> str:
    """A duration: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"; "" when there is none."""
    if seconds is None:
        return ""
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": number_format(round(seconds, 1), 1)}
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest // 60}
    return whole_seconds(whole)


@register.filter
def whole_seconds(seconds: int) -> str:
    """ "45 s", "3 min 20 s": what a script counts down."""
    minutes, rest = divmod(seconds, 60)
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)s s") % {"seconds": rest}


@register.filter
def plainly(value: object, name: str) -> str:
    """The value of the setting `name`: "yes", "3d", "2s", "3 images", "a, b", "not set"."""
    if value is None or value == "":
        return _("not set")
    kind = settings.catalogue()[name].kind
    if isinstance(kind, Whole):
        return f"{value} {_(kind.unit)}"
    shown = kind.show(value)
    return _(shown) if isinstance(value, bool) else shown


@register.filter
def built(value: str | None) -> str:
    """When an image was made, from RFC 3339: "2026-01-02, 3 months ago"; "not said" for
    reproducible ones, which name 1970."""
    try:
        moment = parse_datetime(value or "")
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment) or moment.year < _FIRST_YEAR:
        return _("not said")
    return f"{timezone.localtime(moment):%Y-%m-%d}, {ago(moment)}"
