"""The counters and histograms: one look at the tallies."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from updates.metrics.families import COUNTED, PREFIX, Counted, Subject
from updates.metrics.sums import BEYOND, BOUNDS, SUM
from updates.models import Tally
from updates.models.tally import Summed

type Values = dict[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Names:
    """How hosts and schedules are called now, by key."""

    hosts: Mapping[int, str]
    schedules: Mapping[int, str]

    def of(self, subject: Subject) -> Mapping[int, str]:
        return self.schedules if subject is Subject.SCHEDULE else self.hosts


def tallied(names: Names) -> Iterator[Metric]:
    """Every family, those of which nothing has been counted yet too. One statement.

    What deleted hosts did stays in the sums, under the host "": a total never becomes smaller.
    """
    rows = defaultdict[str, list[tuple[int, str, float]]](list)
    found = Tally.objects.values_list("family", "subject", "labels", "value")
    for family, subject, labels, value in found:
        rows[family].append((subject, labels, value))
    for summed, counted in COUNTED.items():
        values = _begun(counted, names) if summed not in BOUNDS else {}
        _add(values, counted, rows[summed.value], names)
        yield (_histogram if summed in BOUNDS else _counter)(summed, counted, values)


def _begun(counted: Counted, names: Names) -> Values:
    """The series that are there before anything happened, at 0."""
    if not counted.subject:
        return dict.fromkeys(counted.from_the_start, 0.0)
    known = names.of(counted.subject).values()
    return {(name, *labels): 0.0 for name in known for labels in counted.from_the_start}


def _add(
    values: Values, counted: Counted, rows: Sequence[tuple[int, str, float]], names: Names
) -> None:
    """Add the rows, by the values of all labels, the subject's first."""
    known = names.of(counted.subject)
    for subject, joined, value in rows:
        labels = tuple(joined.split("\n")) if joined else ()
        key = (known.get(subject, ""), *labels) if counted.subject else labels
        values[key] = values.get(key, 0.0) + value


def _labels(counted: Counted) -> tuple[str, ...]:
    return (counted.subject.value, *counted.labels) if counted.subject else counted.labels


def _counter(summed: Summed, counted: Counted, values: Values) -> Metric:
    labels = _labels(counted)
    made = CounterMetricFamily(PREFIX + summed.value, counted.words, labels=labels)
    for key, value in sorted(values.items()):
        if len(key) == len(labels):
            made.add_metric(key, value)
    return made


def _histogram(summed: Summed, counted: Counted, values: Values) -> Metric:
    labels = _labels(counted)
    made = HistogramMetricFamily(PREFIX + summed.value, counted.words, labels=labels)
    grouped = defaultdict[tuple[str, ...], dict[str, float]](dict)
    for (*others, bucket), value in values.items():
        grouped[tuple(others)][bucket] = value
    for key, found in sorted(grouped.items()):
        if len(key) == len(labels):
            total = found.pop(SUM, 0.0)
            made.add_metric(key, _cumulated(found, BOUNDS[summed]), total)
    return made


def _cumulated(found: Mapping[str, float], bounds: Sequence[float]) -> list[tuple[str, float]]:
    """Prometheus' buckets: each holds those below it too. Bounds of an earlier release count in
    the next one that is there."""
    counts = sorted((float(bound), count) for bound, count in found.items())
    buckets = [
        (str(float(bound)), sum(count for at, count in counts if at <= bound)) for bound in bounds
    ]
    return [*buckets, (BEYOND, sum(count for _, count in counts))]
