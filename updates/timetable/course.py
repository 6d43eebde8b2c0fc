"""What comes next: late ticks are made up for, missed ones are one, and a window's opening counts.

An update that falls due while its window is closed looks only; what it finds is applied when the
window opens. So nothing that a person may set is in vain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from updates.timetable.when import Timetable
from updates.timetable.window import Window

# A busy machine may look a second or two late; nothing was missed then.
LATE = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Course:
    """A timetable, and the window for changes if there is one."""

    timetable: Timetable
    window: Window | None = None

    def after(self, due: datetime | None, now: datetime, *, is_owed: bool = False) -> datetime:
        """The tick after the one that was `due`; None: there was none yet.

        It may still lie in the past if that is a moment ago. What lies further back is over: the
        one tick that is carried out now stands for all of them. `is_owed`: an update waits for the
        window.
        """
        since = now if due is None or now - due > LATE else due
        tick = self.timetable.next_after(since, due)
        if is_owed and self.window is not None:
            return min(tick, self.window.opens_after(now))
        return tick

    def may_change(self, now: datetime) -> bool:
        """True if what is found now may be applied now."""
        return self.window is None or self.window.is_open(now)

    def upcoming(self, due: datetime | None, now: datetime) -> Iterator[tuple[datetime, bool]]:
        """(tick, whether changes may be made then), from the next one on, without end."""
        tick = due if due is not None and due > now else self.after(due, now)
        while True:
            is_open = self.may_change(tick)
            yield tick, is_open
            tick = self.after(tick, tick, is_owed=not is_open)
