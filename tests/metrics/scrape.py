"""What a scrape says, read by Prometheus' own parser."""

from collections.abc import Mapping

from prometheus_client.core import Metric
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parsed_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parsed

from updates.metrics import exposition

type Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def text(families: exposition.Families = exposition.families) -> str:
    found, _ = exposition.text_of(families(), is_openmetrics=False)
    return found.decode()


def families(families: exposition.Families = exposition.families) -> dict[str, Metric]:
    """By name, as Prometheus' text has them; the OpenMetrics parser has to take them, too."""
    if families is exposition.families:
        openmetrics, _ = exposition.text_of(families(), is_openmetrics=True)
        assert list(parsed_openmetrics(openmetrics.decode()))  # type: ignore[no-untyped-call]
    return {one.name: one for one in parsed(text(families))}


def samples(families: exposition.Families = exposition.families) -> Samples:
    """Every number, by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parsed(text(families))
        for sample in family.samples
    }


def value(sample: str, /, **labels: str) -> float:
    """One number; it has to be there."""
    return samples()[sample, frozenset(labels.items())]


def total(name: str, found: Samples) -> float:
    """The sum over all labels."""
    return sum(number for (sample, _), number in found.items() if sample == name)
