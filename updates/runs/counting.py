"""How many results runs have, by state, and whose; the page of a list first, then its counts."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from updates.flow.session import State
from updates.models import ContainerResult, HostRun, UpdateRun
from updates.models.run import RunState

NAMED = 3
_TOLD = (State.FAILED, State.ROLLED_BACK, State.UPDATED, State.RESTARTED)


def counts_of(runs: Collection[int], host: int | None = None) -> defaultdict[int, Counter[str]]:
    """The results of these runs by state, "" is being worked on; one query. `host`: only there.

    An index answers it alone, so no Count("pk").
    """
    rows = ContainerResult.objects.filter(host_run__run__in=runs).order_by()
    if host is not None:
        rows = rows.filter(host_run__host=host)
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for run, state, number in rows.values_list("host_run__run", "state").annotate(n=Count("*")):
        found[run][state] += number
    return found


def add_counts(runs: Collection[UpdateRun], host: int | None = None) -> None:
    """Give each of these rows its `count_<state>`; with `host`, of what was done there."""
    found = counts_of([run.pk for run in runs], host)
    away = _hosts_failed([run.pk for run in runs if run.state == RunState.FAILED], host)
    for run in runs:
        give_counts(run, found[run.pk], away[run.pk])


def give_counts(run: UpdateRun, found: Counter[str], hosts_failed: int) -> None:
    """Its `count_<state>`, and `hosts_failed`: of how many hosts nothing could be done."""
    for state in State:
        setattr(run, f"count_{state}", found[state])
    run.hosts_failed = hosts_failed  # type: ignore[attr-defined]


def add_names(runs: Collection[UpdateRun]) -> None:
    """Give each of these rows, which have their counts, `told`: the first names of those that
    something became of, as (state, names, how many more)."""
    rows = ContainerResult.objects.filter(host_run__run__in=runs, state__in=_TOLD).order_by()
    by_run = F("host_run__run")
    nth = Window(RowNumber(), partition_by=[by_run, F("state")], order_by=["name", "pk"])
    first = rows.annotate(nth=nth).filter(nth__lte=NAMED).order_by("nth")
    names: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for run, state, name in first.values_list("host_run__run", "state", "name"):
        names[run, state].append(name)
    for one in runs:
        told = [(state, names[one.pk, state]) for state in _TOLD if names[one.pk, state]]
        one.told = [  # type: ignore[attr-defined]
            (state, those, getattr(one, f"count_{state}") - len(those)) for state, those in told
        ]


def _hosts_failed(runs: Collection[int], host: int | None) -> Counter[int]:
    if not runs:
        return Counter()
    parts = HostRun.objects.filter(run__in=runs, state=RunState.FAILED).order_by()
    if host is not None:
        parts = parts.filter(host=host)
    return Counter(dict(parts.values_list("run").annotate(n=Count("*"))))
