"""Where a fault falls, and what it is."""

from dataclasses import dataclass
from enum import StrEnum

from tests.drill.kinds import Kind


class Side(StrEnum):
    """An effect has not happened yet, or has happened and its answer is still on its way."""

    BEFORE = "before"
    AFTER = "after"


class Source(StrEnum):
    """Where effects are counted: at the engine's socket, or in the journal's table."""

    ENGINE = "engine"
    JOURNAL = "journal"


class Cause(StrEnum):
    """What happens at a point."""

    KILL = "kill"  # SIGKILL to the worker.
    AGAIN = "kill+"  # The same, and those that put it right die, too, each one effect later.
    PAUSE = "pause"  # The worker stands still until its lease has run out and others were at it.
    ENGINE = "engine"  # SIGKILL to dockerd, which is started again.
    DATABASE = "database"  # Every connection to the database is cut.
    FULL = "full"  # No room is left where the database is, until the worker has ended.
    ERROR = "500"  # The engine answers 500 to this call, once.
    HANG = "hang"  # The engine does not answer this call.
    AHEAD = "ahead"  # The database's clock is set an hour ahead; others look at once.
    BACK = "back"  # The same, an hour back.
    LATE = "back+kill"  # It is set an hour back, and the worker dies.
    PERSON = "person"  # Somebody does something of their own on the host.


@dataclass(frozen=True, slots=True)
class Point:
    """The `number`-th effect (from 1) of this source; `name` tells which that is."""

    source: Source
    number: int
    name: str
    side: Side

    def __str__(self) -> str:
        return f"{self.side} {self.source} {self.number} {self.name}"


# A journal's row is either written or not: before it is where the effect before it has happened.
SIDES = {Source.ENGINE: (Side.BEFORE, Side.AFTER), Source.JOURNAL: (Side.AFTER,)}
# Faults in the answer of an engine have no place in a journal.
HOURS = {Cause.AHEAD: 1, Cause.BACK: -1, Cause.LATE: -1}  # By how much the clock is set.
_OF_POSTGRES = (Cause.DATABASE, *HOURS)
AT_THE_ENGINE = (Cause.ERROR, Cause.HANG)


def points(source: Source, names: list[str]) -> list[Point]:
    """All points of these effects, in their order."""
    return [
        Point(source, number, name, side)
        for number, name in enumerate(names, start=1)
        for side in SIDES[source]
    ]


def all_points(
    effects: list[str], writes: list[str], cause: Cause, kind: Kind, *, on_sqlite: bool = False
) -> list[Point]:
    """Where this cause makes sense.

    An engine that dies takes its --rm containers with it: once the replacement is over that is
    nobody's to put right. SQLite has no connections to cut, and no clock of its own; who stands
    still while writing there keeps everybody from writing, until it goes on. PostgreSQL writes on
    where no room is left until its log needs another file; then it ends, and cuts its connections.
    """
    if cause in (_OF_POSTGRES if on_sqlite else (Cause.FULL,)):
        return []
    found = points(Source.ENGINE, effects)
    if cause in AT_THE_ENGINE or (on_sqlite and cause is Cause.PAUSE):
        return found
    in_hand = writes[:-2] if cause is Cause.ENGINE and kind.removes_itself else writes
    return found + points(Source.JOURNAL, in_hand)
