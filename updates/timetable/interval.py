"""Every so many seconds."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap

from updates.language import gettext as _
from updates.timetable.errors import BadTimetable
from updates.timetable.words import Unit, every, lasting

MOST_S = 366 * 86_400
_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NAMES: tuple[tuple[int, Unit], ...] = (
    *((86_400, "day"), (3_600, "hour")),
    *((60, "minute"), (1, "second")),
)
_TEXT = re.compile(r"(?:\d{1,9}[wdhms])+")
_PART = re.compile(r"(\d+)([wdhms])")


@dataclass(frozen=True, slots=True)
class Interval:
    """Ticks `seconds` apart, counted from the last one that was due."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """ "6h", "1d12h", "90 s". Raises BadTimetable."""
        bare = "".join(text.split())
        if not _TEXT.fullmatch(bare):
            said = _("%(text)s is no interval: write e.g. 30m, 6h or 1d12h.")
            raise BadTimetable(said % {"text": repr(text)})
        seconds = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(bare))
        if not 1 <= seconds <= MOST_S:
            raise BadTimetable(_("An interval lasts from one second to 366 days."))
        return cls(seconds)

    def next_after(self, moment: datetime, last: datetime | None = None, /) -> datetime:
        """The first tick after `moment`; `last` is one that was due, and sets the beat."""
        if last is None or last > moment:
            return moment + timedelta(seconds=self.seconds)
        passed = (moment - last) // timedelta(seconds=self.seconds)
        return last + timedelta(seconds=self.seconds * (passed + 1))

    @property
    def words(self) -> str:
        """ "every 6 hours", "every minute", "every 1 hour 30 minutes"."""
        parts, rest = [], self.seconds
        for length, name in _NAMES:
            count, rest = divmod(rest, length)
            if count:
                parts.append((count, name))
        if len(parts) == 1:
            return every(*parts[0])
        return _("every %(duration)s") % {"duration": " ".join(starmap(lasting, parts))}
