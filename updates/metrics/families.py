"""Every family of metrics: its name without `watchweb_`, its other labels, and its words.

Names and units follow Prometheus' conventions: base units, counters end in `_total`.
Source: https://prometheus.io/docs/practices/naming/
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from updates.flow.session import Kind, State
from updates.models import Delivery, ScheduleTick
from updates.models.run import OPEN, RunState
from updates.models.tally import Summed

PREFIX = "watchweb_"


class Subject(StrEnum):
    """What a tally's subject is the key of, and the name of its label."""

    NOTHING = ""
    HOST = "host"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Counted:
    """A family that is summed up in the tallies.

    `values`: those that a label may have, as far as they are known before anything happens: these
    series are there from the start, with 0, so that the first failure is an increase.
    """

    words: str
    subject: Subject = Subject.NOTHING
    labels: tuple[str, ...] = ()
    values: tuple[tuple[str, ...], ...] = ()

    @property
    def from_the_start(self) -> tuple[tuple[str, ...], ...]:
        """The label values of the series that need nothing to happen; () if they are unknown."""
        return tuple(product(*self.values)) if len(self.values) == len(self.labels) else ()


_KINDS = tuple(kind.value for kind in Kind)
_ENDS = tuple(state.value for state in RunState if state not in OPEN)
_STATES = tuple(state.value for state in State)
_TICKS = tuple(outcome.value for outcome in ScheduleTick.Outcome)
_SENT = (Delivery.State.SENT.value, Delivery.State.FAILED.value, "put_off")

COUNTED = {
    Summed.RUNS: Counted(
        "Runs that ended, by what they were for, what started them, and how they ended.",
        labels=("kind", "trigger", "state"),
    ),
    Summed.HOST_RUNS: Counted(
        "Runs' parts on one host that ended. kind=scan changes nothing, kind=update does.",
        Subject.HOST,
        ("kind", "state"),
        (_KINDS, _ENDS),
    ),
    Summed.HOST_RUN_SECONDS: Counted(
        "How long runs' parts on one host took, from claim to end.", Subject.HOST, ("kind",)
    ),
    Summed.RESULTS: Counted(
        "What became of containers in runs, each container once per run.",
        Subject.HOST,
        ("kind", "state"),
        (_KINDS, _STATES),
    ),
    Summed.UPDATE_SECONDS: Counted(
        "How long it took to recreate a container, its gate included.", Subject.HOST
    ),
    Summed.DOWNTIME_SECONDS: Counted(
        "From the order to stop the old container until the new one was started.", Subject.HOST
    ),
    Summed.PULL_SECONDS: Counted("How long pulls of images took.", Subject.HOST),
    Summed.PULLED_BYTES: Counted("Bytes of images pulled, as engines told.", Subject.HOST),
    Summed.FREED_BYTES: Counted("Bytes of images removed after updates.", Subject.HOST),
    Summed.ENGINE_CALLS: Counted("Calls to Docker Engines in runs.", Subject.HOST),
    Summed.REQUESTS: Counted(
        "Requests in runs to registries and their token services; status=none: no answer came.",
        labels=("registry", "kind", "status"),
    ),
    Summed.RATE_LIMITED: Counted(
        "Answers 429, too many requests, of registries and their token services.",
        labels=("registry",),
    ),
    Summed.TOKEN_HITS: Counted(
        "Registry tokens that were at hand when they were needed.", labels=("registry",)
    ),
    Summed.TOKEN_MISSES: Counted(
        "Registry tokens that had to be fetched when they were needed.", labels=("registry",)
    ),
    Summed.TICKS: Counted(
        "Ticks of schedules; outcome=skipped: its hosts were busy, or there was none.",
        Subject.SCHEDULE,
        ("outcome",),
        (_TICKS,),
    ),
    Summed.DELIVERIES: Counted(
        "Messages to receivers; outcome=put_off is a try that failed and will be made again.",
        labels=("outcome",),
        values=(_SENT,),
    ),
}
