"""The plan of a run as it stands: what is at work, what is next, what waits for what."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from updates.flow.session import Step
from updates.models import ContainerResult, Host
from updates.runs.story import Said, stories

PLANNED_SHOWN = 60
AT_WORK_SHOWN = 12
# Between its image and its turn nothing is done to a container.
IDLE = ("", Step.PULLED)
_COURSE = (Step.PULL, Step.CREATE, Step.HOLD, Step.SWAP, Step.START, Step.GATE, Step.RELEASE)
_ON_THE_WAY = (Step.PRE_UPDATE, Step.POST_UPDATE, Step.ROLL_BACK)


@dataclass(frozen=True, slots=True)
class Wave:
    """Those of a host that wait for none but earlier waves; `next_pk`: whose turn is next."""

    number: int
    results: Sequence[ContainerResult]
    next_pk: int | None = None


@dataclass(frozen=True, slots=True)
class HostPlan:
    host: Host
    waves: Sequence[Wave]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a container's course: `when` is done, now or ahead."""

    step: str
    when: str


@dataclass(frozen=True, slots=True)
class AtWork:
    """A container that something is done to. `left_s`: the longest its gate may still take."""

    result: ContainerResult
    course: Sequence[Milestone]
    said: Sequence[Said] = ()
    left_s: int | None = None


def plan_of(results: QuerySet[ContainerResult], most: int = PLANNED_SHOWN) -> Sequence[HostPlan]:
    """The first of those that are to come, and as many that were before as there is room for."""
    is_done = Case(When(state="", then=Value(0)), default=Value(1))
    rows = list(results.filter(place__gt=0).order_by(is_done, "place", "pk")[:most])
    rows.sort(key=lambda row: (row.host_run.host.name, row.wave, row.place))
    by_host = groupby(rows, key=lambda row: row.host_run.host)
    return [HostPlan(host, _waves(list(those))) for host, those in by_host]


def waiting_in(plan: Sequence[HostPlan]) -> int:
    """How many of those shown are not done."""
    shown = (row for part in plan for wave in part.waves for row in wave.results)
    return sum(not row.state for row in shown)


def at_work_of(results: QuerySet[ContainerResult]) -> Sequence[AtWork]:
    """What is being worked on, with its course so far; two queries."""
    busy = results.filter(state="").exclude(step__in=IDLE).order_by("host_run", "place", "pk")
    rows = list(busy[:AT_WORK_SHOWN])
    told = stories(rows)
    return [
        AtWork(
            row,
            course(row.step, [one.step for one in told[row.pk].steps]),
            told[row.pk].said,
            _left_s(row),
        )
        for row in rows
    ]


def course(now: str, before: Collection[str]) -> Sequence[Milestone]:
    """The way of a container through its steps; those that not all take, once it has."""
    seen = {*before, now}
    wanted = [one for one in Step if one in (*_COURSE, *_ON_THE_WAY)]
    taken = [one for one in wanted if one in seen or (one in _COURSE and one != Step.PULL)]
    return [Milestone(one, _when(one, now, before)) for one in taken]


def _when(step: str, now: str, before: Collection[str]) -> str:
    if step == now:
        return "now"
    return "done" if step in before else "ahead"


def _waves(rows: Sequence[ContainerResult]) -> Sequence[Wave]:
    waiting = (row for row in rows if not row.state and row.step in IDLE)
    following = min(waiting, key=lambda row: row.place, default=None)
    next_pk = following.pk if following else None
    by_wave: Iterable[tuple[int, Iterable[ContainerResult]]]
    by_wave = groupby(rows, key=lambda row: row.wave)
    return [Wave(number, list(those), next_pk) for number, those in by_wave]


def _left_s(row: ContainerResult) -> int | None:
    if row.step != Step.GATE or row.gate_until is None:
        return None
    return max(0, round((row.gate_until - timezone.now()).total_seconds()))
