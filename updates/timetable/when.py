"""What a person typed, read."""

import re
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from updates.language import gettext as _
from updates.timetable.cron import Cron
from updates.timetable.errors import BadTimetable
from updates.timetable.interval import Interval

MAX_LENGTH = 200
_EVERY = "@every"
_CRON_FIELDS = 5
_UNIT = re.compile(r"[a-zA-Z]")


class Timetable(Protocol):
    """When ticks are due."""

    def next_after(self, moment: datetime, last: datetime | None = None, /) -> datetime:
        """The first tick after `moment`; `last`, one that was due, sets an interval's beat."""

    @property
    def words(self) -> str:
        """It in plain words, without its time zone: "every day at 04:00"."""


def parse(text: str, zone: ZoneInfo) -> Timetable:
    """ "6h" and "@every 6h" are intervals; the rest is cron, on the clock of `zone`.

    Raises BadTimetable.
    """
    bare = text.strip().strip("\"'").strip()
    if not bare:
        raise BadTimetable(_("Say when: an interval like 6h, or cron like 0 4 * * *."))
    if len(bare) > MAX_LENGTH:
        said = _("That is longer than %(most)d letters.")
        raise BadTimetable(said % {"most": MAX_LENGTH})
    if bare.lower().startswith(_EVERY):
        return Interval.parse(bare[len(_EVERY) :].strip())
    words = bare.split()
    if len(words) < _CRON_FIELDS and _UNIT.search(bare) and not bare.startswith("@"):
        return Interval.parse(bare)
    return Cron.parse(bare, zone)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name. Raises BadTimetable."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        said = _("%(name)s is no time zone: write one like Europe/Berlin or UTC.")
        raise BadTimetable(said % {"name": repr(name)}) from error
