"""The hours in which changes may be made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from updates.language import gettext as _
from updates.timetable.errors import BadTimetable
from updates.timetable.words import WEEKDAYS, every, weekdays_listed

EVERY_DAY = frozenset(range(7))
_MIDNIGHT = time()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """On `days` (0 is Sunday) from `begins` to `ends`, by the clock of `zone`.

    One that ends at or before it begins goes on after midnight, and is of the day it began on.
    Both midnight: the whole day.
    """

    days: frozenset[int]
    begins: time
    ends: time
    zone: tzinfo

    @classmethod
    def of(cls, days: Collection[int], begins: time, ends: time, zone: tzinfo) -> "Window":
        """No day named is every day. Raises BadTimetable for one that is never open."""
        if begins == ends and begins != _MIDNIGHT:
            raise BadTimetable(_("The window ends when it begins, so it would never be open."))
        return cls(frozenset(days) or EVERY_DAY, begins, ends, zone)

    def is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        clock, today = local.time().replace(fold=0), local.isoweekday() % 7
        if self.begins < self.ends:
            return today in self.days and self.begins <= clock < self.ends
        began_yesterday = (today - 1) % 7 in self.days and clock < self.ends
        return began_yesterday or (today in self.days and clock >= self.begins)

    def opens_after(self, moment: datetime) -> datetime:
        """The next opening after `moment`, in UTC; one that a change of clocks leaves out is not.

        Raises BadTimetable if none comes within two weeks.
        """
        day = moment.astimezone(self.zone).date() - _DAY
        for _turn in range(16):
            begins = datetime.combine(day, self.begins, self.zone).astimezone(UTC)
            is_of_it = (day.isoweekday() % 7) in self.days
            if is_of_it and begins > moment and self.is_open(begins):
                return begins
            day += _DAY
        raise BadTimetable(_("The window does not open within two weeks."))

    @property
    def words(self) -> str:
        """ "Saturday and Sunday, 22:00 to 04:00", "every day, 01:00 to 05:00"."""
        days = every(1, "day") if self.days == EVERY_DAY else weekdays_listed(sorted(self.days))
        if self.begins == self.ends:
            return _("%(days)s, all day") % {"days": days}
        hours = {"begins": f"{self.begins:%H:%M}", "ends": f"{self.ends:%H:%M}"}
        return _("%(days)s, %(begins)s to %(ends)s") % {"days": days, **hours}


def of_text(text: str) -> tuple[list[int], time | None, time | None]:
    """(days, begins, ends) of "sat,sun 22:00-04:00", "sun" or "01:00-05:00"; "" is no window.

    Raises BadTimetable.
    """
    days: list[int] = []
    begins = ends = None
    for word in text.split():
        first, dash, last = word.partition("-")
        if dash:
            begins, ends = _clock(first), _clock(last)
        else:
            days += [_day(name) for name in word.split(",") if name]
    return days, begins, ends


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        said = _("%(text)s is no time of the day: write e.g. 22:00-04:00.")
        raise BadTimetable(said % {"text": repr(text)}) from error


def _day(name: str) -> int:
    short = [day[:3].lower() for day in WEEKDAYS]
    if name[:3].lower() not in short:
        said = _("%(name)s is no day of the week: write e.g. sat,sun.")
        raise BadTimetable(said % {"name": repr(name)})
    return short.index(name[:3].lower())
