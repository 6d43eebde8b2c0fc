"""A cron's fields in plain words: "every day at 04:00", "Monday to Friday at 06:00 and 18:00"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from updates.language import gettext as _
from updates.language import gettext_noop, ngettext

Field = Sequence[int | str]
Unit = Literal["second", "minute", "hour", "day"]

WEEKDAYS = (
    gettext_noop("Sunday"),
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
)
_MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
_MOST_TIMES = 6
_EVERY = ["*"]


@dataclass(frozen=True, slots=True)
class _Times:
    """The times of a day in words: "every 15 minutes" `is_beat`, "at 04:00" is none."""

    words: str
    is_beat: bool = True


def cron_words(fields: Sequence[Field], nth: Mapping[int, set[int | str]], text: str) -> str:
    """The words of croniter's expanded fields: minute, hour, day, month, weekday, seconds.

    `nth` tells of weekdays counted within the month ("5#2"); those are shown as they stand.
    """
    minutes, hours, days, months, weekdays = fields[:5]
    seconds = fields[5] if len(fields) > 5 else [0]
    if nth:
        return _("by the cron rule %(rule)s") % {"rule": text}
    times = _times(list(seconds), list(minutes), list(hours))
    on = _days(list(days), list(weekdays))
    if months != _EVERY:
        names = listed([_(_MONTHS[int(one) - 1]) for one in months])
        on = _("%(days)s in %(months)s") % {"days": on or every(1, "day"), "months": names}
    if not times.is_beat:
        return _("%(days)s %(times)s") % {"days": on or every(1, "day"), "times": times.words}
    return _("%(times)s, %(days)s") % {"times": times.words, "days": on} if on else times.words


def every(number: int, unit: Unit) -> str:
    """ "every minute", "every 15 minutes"."""
    if unit == "second":
        words = ngettext("every second", "every %(number)d seconds", number)
    elif unit == "minute":
        words = ngettext("every minute", "every %(number)d minutes", number)
    elif unit == "hour":
        words = ngettext("every hour", "every %(number)d hours", number)
    else:
        words = ngettext("every day", "every %(number)d days", number)
    return words % {"number": number}


def lasting(number: int, unit: Unit) -> str:
    """ "1 minute", "15 minutes"."""
    if unit == "second":
        words = ngettext("%(number)d second", "%(number)d seconds", number)
    elif unit == "minute":
        words = ngettext("%(number)d minute", "%(number)d minutes", number)
    elif unit == "hour":
        words = ngettext("%(number)d hour", "%(number)d hours", number)
    else:
        words = ngettext("%(number)d day", "%(number)d days", number)
    return words % {"number": number}


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}


def weekdays_listed(days: Sequence[int]) -> str:
    """0 is Sunday. "Monday to Friday", "Saturday and Sunday"."""
    from_monday = sorted({day % 7 for day in days}, key=lambda day: (day - 1) % 7)
    places = [(day - 1) % 7 for day in from_monday]
    names = [_(WEEKDAYS[day]) for day in from_monday]
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return _("%(first_day)s to %(last_day)s") % {
            "first_day": names[0],
            "last_day": names[-1],
        }
    return listed(names)


def _times(seconds: Field, minutes: Field, hours: Field) -> _Times:
    """ "every 15 minutes", "at 04:00"."""
    if hours == _EVERY:
        return _Times(_within_the_hour(seconds, minutes))
    if minutes != _EVERY and seconds != _EVERY and _size(seconds, minutes, hours) <= _MOST_TIMES:
        ends = [f":{int(one):02}" for one in seconds] if seconds != [0] else [""]
        clock = [f"{int(h):02}:{int(m):02}{s}" for h in hours for m in minutes for s in ends]
        return _Times(_("at %(times)s") % {"times": listed(clock)}, is_beat=False)
    step = _step(hours, 24)
    if step and minutes == [0] and seconds == [0]:
        return _Times(every(step, "hour"))
    parts = {"beat": _within_the_hour(seconds, minutes), "hours": _ranges(hours)}
    return _Times(_("%(beat)s of the hours %(hours)s") % parts)


def _within_the_hour(seconds: Field, minutes: Field) -> str:
    if minutes == _EVERY:
        return _in_the_minute(seconds)
    if seconds == [0]:
        return _in_the_hour(minutes)
    parts = {"beat": _in_the_minute(seconds), "minutes": _ranges(minutes)}
    return _("%(beat)s of the minutes %(minutes)s") % parts


def _in_the_minute(seconds: Field) -> str:
    """ "every second", "every 15 seconds", "every minute at seconds 5 and 35"."""
    if beat := _beat(seconds, "second", "minute"):
        return beat
    words = ngettext(
        "every minute at second %(seconds)s", "every minute at seconds %(seconds)s", len(seconds)
    )
    return words % {"seconds": _ranges(seconds)}


def _in_the_hour(minutes: Field) -> str:
    """ "every 15 minutes", "every hour", "every hour at minutes 5 and 35"."""
    if beat := _beat(minutes, "minute", "hour"):
        return beat
    words = ngettext(
        "every hour at minute %(minutes)s", "every hour at minutes %(minutes)s", len(minutes)
    )
    return words % {"minutes": _ranges(minutes)}


def _beat(field: Field, unit: Unit, whole: Unit) -> str:
    """ "every second", "every 15 minutes", "every hour"; "" for what has no even beat."""
    if field == _EVERY:
        return every(1, unit)
    if field == [0]:
        return every(1, whole)
    step = _step(field, 60)
    return every(step, unit) if step else ""


def _step(field: Field, size: int) -> int:
    """The even distance of ticks that go on round the clock; 0 if they do not."""
    step = int(field[1]) - int(field[0]) if len(field) > 1 else 0
    return (
        step if step > 0 and list(field) == list(range(0, size, step)) and size % step == 0 else 0
    )


def _days(days: Field, weekdays: Field) -> str:
    """The days, "" for every one. Both kinds given: either is enough, as in cron."""
    of_month = _of_month(days) if days != _EVERY else ""
    of_week = ""
    if weekdays != _EVERY and len(set(weekdays)) < 7:
        names = weekdays_listed([int(day) for day in weekdays])
        of_week = _("every %(weekdays)s") % {"weekdays": names}
    return listed([one for one in (of_month, of_week) if one])


def _of_month(days: Field) -> str:
    if list(days) == ["l"]:
        return _("on the last day of the month")
    numbers = [day for day in days if day != "l"]
    if len(numbers) < len(days):
        words = ngettext(
            "on day %(days)s and the last of the month",
            "on days %(days)s and the last of the month",
            len(numbers),
        )
    else:
        words = ngettext(
            "on day %(days)s of the month", "on days %(days)s of the month", len(numbers)
        )
    return words % {"days": _ranges(numbers)}


def _ranges(field: Field) -> str:
    """ "1, 2 and 5 to 9"."""
    runs: list[list[int]] = []
    for number in sorted(int(one) for one in field):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = []
    for run in runs:
        shown += [_range(run)] if len(run) > 2 else [str(one) for one in run]
    return listed(shown)


def _range(numbers: Sequence[int]) -> str:
    return _("%(first)d to %(last)d") % {"first": numbers[0], "last": numbers[-1]}


def _size(*fields: Field) -> int:
    size = 1
    for field in fields:
        size *= len(field)
    return size
