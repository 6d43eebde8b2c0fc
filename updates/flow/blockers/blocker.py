"""One thing in the way of a container."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockerKind(StrEnum):
    """What it is. Pages lead to the place where it can be changed by it."""

    HOST_OFF = "host_off"
    HOST_AWAY = "host_away"
    BUSY = "busy"
    EXCLUDED = "excluded"
    SCOPE = "scope"
    OWN = "own"
    PINNED = "pinned"
    LOCAL = "local"
    NO_PULL = "no_pull"
    NOT_CHECKED = "not_checked"
    RATE_LIMIT = "rate_limit"
    CREDENTIALS = "credentials"
    TRUST = "trust"
    MISSING = "missing"
    CHECK_FAILED = "check_failed"
    PLATFORM = "platform"
    MONITOR_ONLY = "monitor_only"
    STATE = "state"
    HELD = "held"
    BLOCKED = "blocked"
    COOLDOWN = "cooldown"
    PAUSED = "paused"
    WINDOW = "window"
    NO_SCHEDULE = "no_schedule"
    OTHER = "other"


class Stops(StrEnum):
    """What it stands in the way of."""

    CHECK = "check"
    UPDATE = "update"


# A run that a person starts goes past these.
_DELAYS = frozenset(
    {
        BlockerKind.WINDOW,
        BlockerKind.PAUSED,
        BlockerKind.NO_SCHEDULE,
        BlockerKind.BUSY,
        BlockerKind.OTHER,
    }
)
_NEVER = frozenset({BlockerKind.HOST_OFF, BlockerKind.PINNED})
# Who is kept out by one of these is not looked at any further.
_FOR_GOOD = frozenset({BlockerKind.EXCLUDED, BlockerKind.SCOPE, BlockerKind.OWN})


@dataclass(frozen=True, slots=True)
class Blocker:
    """`sentence` says what it is, `lifted_by` what a person can do or wait for.

    `until`: when it is over by itself; None: never, or nobody knows. `is_approvable`: a person who
    approves the image goes past it.
    """

    kind: BlockerKind
    stops: Stops
    sentence: str
    lifted_by: str
    until: datetime | None = None
    is_approvable: bool = False

    @property
    def is_for_good(self) -> bool:
        return self.kind in _FOR_GOOD

    @property
    def only_delays(self) -> bool:
        """Whether it keeps an update from coming by itself, and none that a person starts."""
        is_of_check = self.stops is Stops.CHECK and not self.is_for_good
        return self.kind in _DELAYS or (is_of_check and self.kind not in _NEVER)
