"""Cron on the clock of a place, which jumps twice a year.

A tick that names its hours keeps to one a day: 02:30 on the night that has none comes an hour
later by the clock, and on the night that has two comes at the first. A tick of every hour keeps to
real time: it comes in both of the two hours, and none falls due in the hour that is left out.
Source: Vixie cron's handling of daylight saving time; croniter alone answers otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from croniter import CroniterError, croniter

from updates.language import gettext as _
from updates.timetable.errors import BadTimetable
from updates.timetable.words import cron_words

# 29 February may be eight years away: 2100 has none.
_YEARS = 9
_LONGEST_JUMP = timedelta(hours=3)
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - what the clock on the wall shows
_FIELDS = (5, 6)
_NAMED = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
# Croniter's "R" and "H" draw lots, anew in each process.
_NOISE = re.compile(r"\[[^\]]*\]|is not acceptable")
_LETTERS = re.compile(
    r"(?:[\d*/,?#-]|L|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|"
    r"SUN|MON|TUE|WED|THU|FRI|SAT)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cron:
    """`text` as croniter takes it: with six fields, the first are the seconds."""

    text: str
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> "Cron":
        """Raises BadTimetable, also for a day that never comes."""
        cron = cls(_checked(text), zone)
        cron.next_after(datetime.now(UTC))
        return cron

    def next_after(self, moment: datetime, _: datetime | None = None, /) -> datetime:
        """The first tick after `moment`, in UTC; what was due before does not matter."""
        if self.is_hourly:
            return self._in_real_time(moment)
        return next(tick for tick in self._by_the_clock(moment) if tick > moment)

    @property
    def is_hourly(self) -> bool:
        """True if it ticks in every hour of the day."""
        hours = self._ticks().expanded[1]
        return hours == ["*"] or len(set(hours)) == 24

    @property
    def words(self) -> str:
        ticks = self._ticks()
        return cron_words(ticks.expanded, ticks.nth_weekday_of_month, self.text)

    def _by_the_clock(self, moment: datetime) -> Iterator[datetime]:
        """Ticks from about `moment` on. After a jump, those of the hour that it left out too."""
        before = moment - _LONGEST_JUMP
        has_jumped = self._offset(before) != self._offset(moment)
        ticks = self._ticks(self._local(before if has_jumped else moment))
        while True:
            yield _next(ticks).replace(tzinfo=self.zone).astimezone(UTC)

    def _in_real_time(self, moment: datetime) -> datetime:
        """As if the clock never jumped; where it does, looked for again from the jump on."""
        offset = self._offset(moment)
        start = (moment.astimezone(UTC) + offset).replace(tzinfo=None)
        while True:
            tick = _next(self._ticks(start)).replace(tzinfo=UTC) - offset
            if self._offset(tick) == offset:
                return tick
            moment = self._jump_between(moment, tick)
            offset = self._offset(moment)
            start = (moment + offset).replace(tzinfo=None) - _SECOND

    def _jump_between(self, before: datetime, after: datetime) -> datetime:
        """The whole second from which the clock shows another offset."""
        low, high = int(before.timestamp()), int(after.timestamp())
        offset = self._offset(before)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(datetime.fromtimestamp(middle, UTC)) == offset:
                low = middle
            else:
                high = middle
        return datetime.fromtimestamp(high, UTC)

    def _ticks(self, start: datetime = _LONG_AGO) -> croniter:
        return croniter(
            self.text,
            start,
            second_at_beginning=True,
            max_years_between_matches=_YEARS,
        )

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta()

    def _local(self, moment: datetime) -> datetime:
        """What the clock on the wall shows."""
        return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)


def _next(ticks: croniter) -> datetime:
    try:
        tick: datetime = ticks.get_next(datetime)
    except CroniterError as error:
        raise BadTimetable(_("That day never comes: no month has it.")) from error
    return tick


def _checked(text: str) -> str:
    """The text, tidied. Raises BadTimetable."""
    words = text.strip().strip("\"'").split()
    if len(words) == 1 and words[0].lower() in _NAMED:
        return words[0].lower()
    if words and words[0].startswith("@"):
        said = _("%(text)s is none of %(names)s and @every 6h.")
        raise BadTimetable(said % {"text": repr(words[0]), "names": ", ".join(_NAMED)})
    if len(words) not in _FIELDS:
        said = _(
            "Cron has five fields (minute, hour, day, month, weekday), or six with the seconds "
            "first; these are %(number)d."
        )
        raise BadTimetable(said % {"number": len(words)})
    for word in words:
        if not _LETTERS.fullmatch(word):
            said = _("%(text)s cannot be read as a field of cron.")
            raise BadTimetable(said % {"text": repr(word)})
    tidy = " ".join(words)
    try:
        croniter.expand(tidy, second_at_beginning=True)
    except (CroniterError, ValueError, KeyError) as error:
        raise BadTimetable(_why(str(error), tidy)) from error
    return tidy


def _why(said: str, text: str) -> str:
    """Croniter's reason as a sentence."""
    reason = _NOISE.sub("", said).strip(" .,")
    if not reason:
        return _("%(text)s is no cron expression.") % {"text": repr(text)}
    return _("%(text)s is no cron expression: %(reason)s.") % {"text": repr(text), "reason": reason}
