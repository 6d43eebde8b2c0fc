"""Where the bars of a chart of days go: what went well above the line, what went wrong below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 600, 96
_GAP = 4
_LEAST = 3  # High enough to be seen, however many there were on another day.


@dataclass(frozen=True, slots=True)
class Day:
    """How many containers ended how on one day."""

    date: date
    updated: int = 0
    rolled_back: int = 0
    failed: int = 0

    @property
    def troubles(self) -> int:
        return self.rolled_back + self.failed

    @property
    def is_empty(self) -> bool:
        return not (self.updated or self.troubles)


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a day's column. `state` is its kind; places and sizes are in pixels."""

    state: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One day, from the left edge `x` on."""

    day: Day
    x: int
    width: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The whole picture; from the top, `line` is where the columns stand and `top` where the
    highest ends."""

    columns: tuple[Column, ...]
    line: int
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def draw(days: Sequence[Day]) -> Month:
    """Columns of one scale for both directions, the last day at the right edge."""
    above = max((day.updated for day in days), default=0)
    below = max((day.troubles for day in days), default=0)
    scale = (HEIGHT - 3 * _LEAST) / max(1, above + below)
    line = HEIGHT - _reach(below, scale) - _LEAST
    step = WIDTH // max(1, len(days))
    first = WIDTH - step * len(days)
    return Month(
        tuple(
            Column(day, first + number * step + _GAP // 2, step - _GAP, _bars(day, line, scale))
            for number, day in enumerate(days)
        ),
        line,
        line - _reach(above, scale),
    )


def _bars(day: Day, line: int, scale: float) -> tuple[Bar, ...]:
    up = _reach(day.updated, scale)
    back, failed = _reach(day.rolled_back, scale), _reach(day.failed, scale)
    bars = (
        Bar("updated", line - up, up),
        Bar("rolled_back", line, back),
        Bar("failed", line + back, failed),
    )
    return tuple(bar for bar in bars if bar.height)


def _reach(number: int, scale: float) -> int:
    return max(_LEAST, int(number * scale)) if number else 0
