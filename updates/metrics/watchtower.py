"""The families by Watchtower's names, so that its dashboards go on: /v1/metrics.

Gauges tell of the last run that ended, as Watchtower's do of its last scan.
Source: pkg/metrics of Watchtower 1.7 and internal/metrics of its maintained fork.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.db.models import Count, Sum
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    UnknownMetricFamily,
)

from updates.flow.session import Kind, State
from updates.models import ContainerResult, ScheduleTick, Tally, UpdateRun
from updates.models.run import OPEN
from updates.models.tally import Summed

PREFIX = "watchtower_"


class _Last(NamedTuple):
    """A gauge about the last run: its name, its words, the states that it counts."""

    name: str
    words: str
    states: tuple[State, ...]


_LOOKED_AT = tuple(state for state in State if state is not State.SKIPPED)
_OF_LAST = (
    _Last("containers_scanned", "Containers looked at in the last run.", _LOOKED_AT),
    # Those that were only found stale are among them in Watchtower, too.
    _Last(
        "containers_updated",
        "Containers updated in the last run, or found to have an update.",
        (State.UPDATED, State.STALE),
    ),
    _Last(
        "containers_failed",
        "Containers whose update failed in the last run, those that went back too.",
        (State.FAILED, State.ROLLED_BACK),
    ),
    _Last("containers_restarted", "Containers restarted with others.", (State.RESTARTED,)),
    _Last("containers_skipped", "Containers skipped in the last run.", (State.SKIPPED,)),
)


def families() -> Iterator[Metric]:
    """Six statements."""
    counts = _counts_of_last_run()
    for one in _OF_LAST:
        number = sum(counts.get(state.value, 0) for state in one.states)
        yield GaugeMetricFamily(PREFIX + one.name, one.words, value=number)
    yield from _totals()


def _counts_of_last_run() -> Mapping[str, int]:
    """Results of the last run that ended, by state."""
    ended = UpdateRun.objects.exclude(state__in=OPEN).values_list("pk", flat=True)
    last = ended.order_by("-created_at", "-pk").first()
    results = ContainerResult.objects.filter(host_run__run=last).order_by()
    return dict(results.values_list("state").annotate(Count("pk")))


def _totals() -> Iterator[Metric]:
    runs = _sum(Summed.RUNS)
    skipped = _sum(Summed.TICKS, ScheduleTick.Outcome.SKIPPED)
    restarted = sum(_sum(Summed.RESULTS, f"{kind.value}\n{State.RESTARTED}") for kind in Kind)
    yield CounterMetricFamily(
        f"{PREFIX}containers_restarted",
        "Containers restarted with others, since the first start.",
        value=restarted,
    )
    # A scan that was skipped counts as one, too.
    yield CounterMetricFamily(
        f"{PREFIX}scans", "Runs that ended or were skipped, since the first start.", runs + skipped
    )
    words = "Ticks of schedules that were skipped, since the first start."
    yield CounterMetricFamily(f"{PREFIX}scans_skipped", words, skipped)
    # The original's name for it, which a counter must not have.
    yield UnknownMetricFamily(f"{PREFIX}scans_skipped", words, skipped)
    yield CounterMetricFamily(
        f"{PREFIX}metrics_dropped", "Always 0: every run is counted in the database.", 0
    )


def _sum(family: Summed, labels: str | None = None) -> float:
    rows = Tally.objects.filter(family=family)
    if labels is not None:
        rows = rows.filter(labels=labels)
    return rows.aggregate(total=Sum("value"))["total"] or 0.0
