"""How many results runs have, by state; the page of a list first, then its counts."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db.models import Count

from updates.flow.session import State
from updates.models import ContainerResult, UpdateRun


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
    for run in runs:
        for state in State:
            setattr(run, f"count_{state}", found[run.pk][state])
