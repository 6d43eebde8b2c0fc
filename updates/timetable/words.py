"""A cron's fields in plain words: "every day at 04:00", "Monday to Friday at 06:00 and 18:00"."""

from collections.abc import Mapping, Sequence

Field = Sequence[int | str]

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MOST_TIMES = 6
_EVERY = ["*"]


def cron_words(fields: Sequence[Field], nth: Mapping[int, set[int | str]], text: str) -> str:
    """The words of croniter's expanded fields: minute, hour, day, month, weekday, seconds.

    `nth` tells of weekdays counted within the month ("5#2"); those are shown as they stand.
    """
    minutes, hours, days, months, weekdays = fields[:5]
    seconds = fields[5] if len(fields) > 5 else [0]
    if nth:
        return f"by the cron rule {text}"
    when = _times(list(seconds), list(minutes), list(hours))
    on = _days(list(days), list(weekdays))
    if months != _EVERY:
        on = f"{on or 'every day'} in {listed([_MONTHS[int(one) - 1] for one in months])}"
    if when.startswith("every"):
        return f"{when}, {on}" if on else when
    return f"{on or 'every day'} {when}"


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def weekdays_listed(days: Sequence[int]) -> str:
    """0 is Sunday. "Monday to Friday", "Saturday and Sunday"."""
    from_monday = sorted({day % 7 for day in days}, key=lambda day: (day - 1) % 7)
    places = [(day - 1) % 7 for day in from_monday]
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{WEEKDAYS[from_monday[0]]} to {WEEKDAYS[from_monday[-1]]}"
    return listed([WEEKDAYS[day] for day in from_monday])


def _times(seconds: Field, minutes: Field, hours: Field) -> str:
    """ "every 15 minutes", "at 04:00"; what ticks in each hour begins with "every"."""
    if hours == _EVERY:
        return _within_the_hour(seconds, minutes)
    if minutes != _EVERY and seconds != _EVERY and _size(seconds, minutes, hours) <= _MOST_TIMES:
        ends = [f":{int(one):02}" for one in seconds] if seconds != [0] else [""]
        clock = [f"{int(h):02}:{int(m):02}{s}" for h in hours for m in minutes for s in ends]
        return f"at {listed(clock)}"
    step = _step(hours, 24)
    if step and minutes == [0] and seconds == [0]:
        return f"every {step} hours"
    return f"{_within_the_hour(seconds, minutes)} of the hours {_ranges(hours)}"


def _within_the_hour(seconds: Field, minutes: Field) -> str:
    if minutes == _EVERY:
        return _stepped(seconds, "second", "minute")
    if seconds == [0]:
        return _stepped(minutes, "minute", "hour")
    return f"{_stepped(seconds, 'second', 'minute')} of the minutes {_ranges(minutes)}"


def _stepped(field: Field, unit: str, whole: str) -> str:
    """ "every second", "every 15 minutes", "every hour", "every hour at the minutes 5 and 35"."""
    if field == _EVERY:
        return f"every {unit}"
    if field == [0]:
        return f"every {whole}"
    if step := _step(field, 60):
        return f"every {step} {unit}s" if step > 1 else f"every {unit}"
    return f"every {whole} at {unit}{'s' if len(field) > 1 else ''} {_ranges(field)}"


def _step(field: Field, size: int) -> int:
    """The even distance of ticks that go on round the clock; 0 if they do not."""
    step = int(field[1]) - int(field[0]) if len(field) > 1 else 0
    return (
        step if step > 0 and list(field) == list(range(0, size, step)) and size % step == 0 else 0
    )


def _days(days: Field, weekdays: Field) -> str:
    """The days, "" for every one. Both kinds given: either is enough, as in cron."""
    parts = []
    if days != _EVERY:
        parts.append(_of_month(days))
    if weekdays != _EVERY and len(set(weekdays)) < 7:
        parts.append(f"every {weekdays_listed([int(day) for day in weekdays])}")
    return " and ".join(parts)


def _of_month(days: Field) -> str:
    if list(days) == ["l"]:
        return "on the last day of the month"
    numbers = [day for day in days if day != "l"]
    last = " and the last" if len(numbers) < len(days) else ""
    return f"on day{'s' if len(numbers) > 1 else ''} {_ranges(numbers)}{last} of the month"


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
        shown += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(one) for one in run]
    return listed(shown)


def _size(*fields: Field) -> int:
    size = 1
    for field in fields:
        size *= len(field)
    return size
