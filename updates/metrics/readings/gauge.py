"""How a reading says what it found."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily

from updates.metrics.families import PREFIX

type Found = Mapping[tuple[str, ...], float]


def gauge(name: str, words: str, labels: tuple[str, ...], found: Found) -> GaugeMetricFamily:
    """A family of gauges; `found` is by the values of the labels."""
    made = GaugeMetricFamily(PREFIX + name, words, labels=labels)
    for values, number in found.items():
        made.add_metric(values, number)
    return made


def alone(name: str, words: str, number: float) -> GaugeMetricFamily:
    """A gauge without labels."""
    return GaugeMetricFamily(PREFIX + name, words, value=number)


def moments(found: Mapping[str, datetime | None]) -> Found:
    """Seconds since the epoch, by one label; without those that never came."""
    return {(name,): moment.timestamp() for name, moment in found.items() if moment is not None}
