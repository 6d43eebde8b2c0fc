"""What happened to a container on the way, read from the lines of its run."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from updates.flow.session import Step
from updates.models import ContainerResult, RunEvent

HOOKS = (Step.PRE_CHECK, Step.PRE_UPDATE, Step.POST_UPDATE, Step.POST_CHECK)
_UNTOLD = (Step.PULLED, Step.DONE, Step.PRE_CHECK, Step.POST_CHECK)
_BACK_UP = (Step.GATE, Step.POST_UPDATE, Step.RELEASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `step` is a Step, or "" for what belongs to none."""

    at: datetime
    step: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step and how long it took."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """How a command of the container ended, and what it printed."""

    how: str
    output: str


@dataclass(frozen=True, slots=True)
class Story:
    """`steps` in their order; `said` by its commands; `down_s`: how long nothing of it ran, None
    while that is not known, or where it was not stopped."""

    steps: tuple[Taken, ...] = ()
    said: tuple[Said, ...] = ()
    down_s: float | None = None


def stories(results: Collection[ContainerResult]) -> dict[int, Story]:
    """By key, those of these results; one query, which an index answers by container."""
    parts = {row.host_run_id for row in results}
    names = {row.name for row in results}
    rows = RunEvent.objects.filter(host_run__in=parts, container__in=names).order_by("pk")
    lines: defaultdict[tuple[int, str], list[Line]] = defaultdict(list)
    told = rows.values_list("host_run", "container", "at", "step", "message")
    for part, name, at, step, message in told:
        lines[part, name].append(Line(at, step, message))
    return {row.pk: story_of(lines[row.host_run_id, row.name]) for row in results}


def story_of(lines: Sequence[Line]) -> Story:
    """The lines are one container's, in their order."""
    return Story(tuple(_steps(lines)), tuple(_said(lines)), down_s(lines))


def down_s(lines: Sequence[Line]) -> float | None:
    """From the order to stop to what follows the start; where it went back, to its result, which
    is at most. None where it was not stopped, not started, or is not over."""
    stopped = next((line.at for line in lines if line.step == Step.HOLD), None)
    is_back = any(line.step == Step.ROLL_BACK for line in lines)
    is_started = any(line.step == Step.START for line in lines)
    if stopped is None or not (is_back or is_started):
        return None
    ends = (Step.DONE,) if is_back else _BACK_UP
    end = next((line.at for line in lines if line.step in ends and line.at >= stopped), None)
    return None if end is None else (end - stopped).total_seconds()


def _steps(lines: Sequence[Line]) -> Iterable[Taken]:
    """Each step to the next, as long as there is a next one."""
    known = [line for line in lines if line.step]
    begun = [
        line for place, line in enumerate(known) if not place or known[place - 1].step != line.step
    ]
    for line, following in pairwise(begun):
        if line.step not in _UNTOLD:
            yield Taken(line.step, max(0.0, (following.at - line.at).total_seconds()))


def _said(lines: Iterable[Line]) -> Iterable[Said]:
    for line in lines:
        how, _, output = line.message.partition("\n")
        if line.step in HOOKS and not how.startswith("Running"):
            yield Said(how, output)
