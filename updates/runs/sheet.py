"""A run's results as the rows of a spreadsheet."""

from collections import defaultdict
from collections.abc import Iterator

from updates.flow.session import Step
from updates.models import ContainerResult, RunEvent, UpdateRun
from updates.runs.story import Line, down_s

_FIELDS = (
    *("name", "image", "state", "reason", "old_version", "new_version", "old_digest"),
    *("new_digest", "old_image_id", "new_image_id", "seconds"),
)
HEAD = ("host", *_FIELDS, "down_seconds", "last_lines")
_MARKS = (Step.HOLD, Step.START, Step.GATE, Step.POST_UPDATE, Step.RELEASE, Step.ROLL_BACK)


def rows_of(run: UpdateRun) -> Iterator[tuple[object, ...]]:
    """A row for each container by host and name, under HEAD; as many at a time as a chunk."""
    downs = _downs(run)
    rows = ContainerResult.objects.filter(host_run__run=run)
    ordered = rows.order_by("host_run__host__name", "name", "pk")
    wanted = ("host_run", "host_run__host__name", *_FIELDS, "log")
    for part, host, *facts, log in ordered.values_list(*wanted).iterator(chunk_size=500):
        facts[-1] = f"{facts[-1]:.3f}"
        down = downs.get((part, facts[0]), "")
        yield (host, *facts, down, log)


def _downs(run: UpdateRun) -> dict[tuple[int, str], str]:
    """By host run and name, seconds that nothing of it ran, of those that were stopped."""
    rows = RunEvent.objects.filter(host_run__run=run, step__in=(*_MARKS, Step.DONE)).order_by("pk")
    known: defaultdict[tuple[int, str], list[Line]] = defaultdict(list)
    for part, name, at, step in rows.values_list("host_run", "container", "at", "step"):
        known[part, name].append(Line(at, step))
    found = {key: down_s(told) for key, told in known.items()}
    return {key: f"{seconds:.3f}" for key, seconds in found.items() if seconds is not None}
