"""The dashboard, the alerts and the manual name only what a scrape has."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.scrape import families, samples
from tests.metrics.test_ended import ended
from tests.views import rows
from updates.metrics.families import COUNTED, PREFIX
from updates.metrics.sums import BOUNDS, Sums
from updates.models import Host
from updates.models.tally import Summed

DOCS = Path(__file__).parents[2] / "docs"
DASHBOARD = DOCS / "grafana" / "watchweb.json"
MANUAL = (DOCS / "metrics.md").read_text()
# Names that may stand before a brace, a bracket or a parenthesis and are none of ours.
FUNCTIONS = {
    *("sum", "max", "min", "by", "or", "and", "vector", "time", "rate", "increase"),
    *("histogram_quantile", "sort", "sort_desc", "label_values"),
}


def expressions() -> list[str]:
    """Of the dashboard's panels and variables, and of the manual's rules."""
    found = list(_texts(json.loads(DASHBOARD.read_text()), ("expr", "query")))
    found += re.findall(r"^ +expr: (.+)$", MANUAL, re.MULTILINE)
    return [one for one in found if one != "prometheus"]


def _texts(document: Any, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(document, list):
        for one in document:
            yield from _texts(one, names)
    elif isinstance(document, dict):
        for name, value in document.items():
            if name in names and isinstance(value, str):
                yield value
            else:
                yield from _texts(value, names)


@pytest.fixture
def known(host: Host) -> dict[str, set[str]]:
    """The labels of every sample that there may be, by its name."""
    Host.objects.update(last_seen_at=host.created_at)
    ended(host, web="updated")
    rows.registry(answered_at=host.created_at, budget_remaining=1)
    sums = Sums()
    for family, counted in COUNTED.items():
        labels = ["x"] * len(counted.labels)
        if family in BOUNDS:
            sums.observe(family, 1.0, *labels, subject=host.pk)
        else:
            sums.count(family, *labels, subject=host.pk)
    sums.save()
    found = defaultdict[str, set[str]](set)
    for name, pairs in samples():
        found[name] |= {label for label, _ in pairs}
    for name in families():
        found[name] |= set()
    return dict(found)


def test_every_expression_names_what_is_there(known: dict[str, set[str]]) -> None:
    assert len(expressions()) > 20
    for expression in expressions():
        named = set(re.findall(r"\b[a-z_]+\b(?=[({\[])", expression)) - FUNCTIONS
        named |= set(re.findall(rf"\b{PREFIX}\w+", expression))
        assert named
        assert named <= known.keys(), expression


def test_every_selector_names_labels_that_are_there(known: dict[str, set[str]]) -> None:
    for expression in expressions():
        for name, selector in re.findall(r"(\w+)\{([^}]*)\}", expression):
            labels = set(re.findall(r"(\w+)[=!]", selector))
            assert labels <= known[name], expression
        for group in re.findall(r"by \(([^)]*)\)", expression):
            labels = {one.strip() for one in group.split(",")}
            all_labels = set().union(
                *(known[name] for name in re.findall(rf"\b{PREFIX}\w+", expression))
            )
            assert labels <= all_labels, expression


def test_no_data_source_is_wired_into_the_dashboard() -> None:
    document = json.loads(DASHBOARD.read_text())
    sources = {panel["datasource"]["uid"] for panel in document["panels"]}
    assert sources == {"${datasource}"}
    assert document["templating"]["list"][0]["type"] == "datasource"
    places = [tuple(panel["gridPos"].values()) for panel in document["panels"]]
    assert len(set(places)) == len(places)


@pytest.mark.django_db
def test_the_manual_has_every_family_with_its_words() -> None:
    for family in families().values():
        ending = "_total" if family.type == "counter" else ""
        (line,) = re.findall(rf"^\| `{family.name}{ending}` .*$", MANUAL, re.MULTILINE)
        assert family.documentation in line


def test_every_sum_is_a_family() -> None:
    assert set(COUNTED) == set(Summed)
