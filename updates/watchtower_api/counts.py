"""A run's results in Watchtower's words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count

from updates.flow.session import State
from updates.models import ContainerResult


@dataclass(frozen=True, slots=True)
class Counts:
    """How many containers. Watchtower knows no roll back: one that came back has failed."""

    scanned: int = 0
    updated: int = 0
    failed: int = 0
    restarted: int = 0
    skipped: int = 0

    @classmethod
    def of(cls, states: Mapping[str, int]) -> "Counts":
        """From the number of results by state. Skipped ones count as not scanned."""
        return cls(
            scanned=sum(states.values()) - states.get(State.SKIPPED, 0),
            updated=states.get(State.UPDATED, 0),
            failed=states.get(State.FAILED, 0) + states.get(State.ROLLED_BACK, 0),
            restarted=states.get(State.RESTARTED, 0),
            skipped=states.get(State.SKIPPED, 0),
        )


def counts_of(runs: Collection[int]) -> Mapping[int, Counts]:
    """The counts of runs by their keys, in one query; zeros for one without results."""
    states: dict[int, Counter[str]] = defaultdict(Counter)
    rows = ContainerResult.objects.filter(host_run__run__in=runs).exclude(state="").order_by()
    for run, state, count in rows.values_list("host_run__run", "state").annotate(Count("pk")):
        states[run][state] += count
    return {run: Counts.of(states[run]) for run in runs}
