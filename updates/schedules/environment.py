"""The schedule that the environment asks for, in Watchtower's own variables too.

Source: Watchtower's --interval, --schedule and --update-on-start.
"""

import os
from collections.abc import Iterator, Mapping

from django.utils import timezone

from updates.flow.values import YES
from updates.models import Schedule
from updates.models.schedule import default_zone
from updates.timetable.errors import BadTimetable
from updates.timetable.when import parse, zone_of

NAME = "From the environment"
_PREFIXES = ("WATCHWEB_", "WATCHTOWER_")


def first_schedule(environment: Mapping[str, str] = os.environ) -> Schedule | None:
    """Make the one that the variables ask for, if there is no schedule at all."""
    found = list(_timetables(environment))
    if len(found) != 1 or Schedule.objects.exists():
        return None
    on_start = _given("UPDATE_ON_START", environment)[1].lower() in YES
    row = Schedule(name=NAME, when=found[0][1], update_on_start=on_start)
    row.full_clean()
    row.plan(timezone.now())
    row.save()
    return row


def complaint(environment: Mapping[str, str] = os.environ) -> str:
    """The sentence that says why these variables cannot be used; "" if they can."""
    found = list(_timetables(environment))
    if len(found) > 1:
        return f"{found[0][0]} and {found[1][0]} are both set: set one of them."
    for name, text in found:
        try:
            parse(text, zone_of(default_zone()))
        except BadTimetable as error:
            return f"{name} cannot be used: {error}"
    return ""


def _timetables(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(variable, what it asks for) of those that are set."""
    name, seconds = _given("POLL_INTERVAL", environment)
    if seconds:
        yield name, f"@every {seconds}s" if seconds.isdecimal() else f"@every {seconds}"
    name, cron = _given("SCHEDULE", environment)
    if cron:
        yield name, cron.strip("\"'").strip()


def _given(ending: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """(variable, its value); Watchweb's own counts more, an empty one is not set."""
    for prefix in _PREFIXES:
        if value := environment.get(prefix + ending, "").strip():
            return prefix + ending, value
    return "", ""
