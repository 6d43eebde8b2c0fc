"""Two runs compared on a page."""

import pytest
from django.test import Client

from tests.views import rows
from updates.flow.session import Kind
from updates.models import Host, UpdateRun


@pytest.fixture
def two(host: Host) -> tuple[UpdateRun, UpdateRun]:
    """In the second db failed; web is the same in both."""
    runs = rows.run(host), rows.run(host)
    for run, state in zip(runs, ("updated", "failed"), strict=True):
        rows.result(run, "web", "fresh")
        rows.result(run, "db", state, reason="It <did> not start.")
    return runs


def test_what_is_different_is_listed_and_what_is_the_same_is_counted(
    signed_in: Client, two: tuple[UpdateRun, UpdateRun]
) -> None:
    text = rows.text(signed_in, f"/runs/compare/?a={two[0].pk}&b={two[1].pk}")
    for said in (
        "1 container differs, 1 is the same",
        "state, digest",
        "It &lt;did&gt; not start.",
        f"In {two[0]}",
        "1 failed",
    ):
        assert said in text, said
    assert ">db<" in text
    assert ">web<" not in text


def test_what_is_the_same_is_shown_to_those_who_ask(
    signed_in: Client, two: tuple[UpdateRun, UpdateRun]
) -> None:
    text = rows.text(signed_in, f"/runs/compare/?a={two[0].pk}&b={two[1].pk}&all=on")
    assert text.index(">db<") < text.index(">web<")


def test_two_that_were_ticked_are_compared_the_earlier_first(
    signed_in: Client, two: tuple[UpdateRun, UpdateRun]
) -> None:
    text = rows.text(signed_in, f"/runs/compare/?selected={two[1].pk}&selected={two[0].pk}")
    assert f"<h1>{two[0]} and {two[1]}</h1>" in text


@pytest.mark.parametrize("name", ["b", "selected"])
def test_one_alone_is_compared_with_the_last_of_its_kind(
    name: str, signed_in: Client, two: tuple[UpdateRun, UpdateRun], host: Host
) -> None:
    rows.run(host, kind=Kind.SCAN)
    third = rows.run(host)
    text = rows.text(signed_in, f"/runs/compare/?{name}={third.pk}")
    assert f"<h1>{two[1]} and {third}</h1>" in text


@pytest.mark.parametrize(
    "query", ["", "a=1", "a=9999&b=9998", "a=x&b=y", "a=²&b=1", f"a={'9' * 30}&b={'9' * 30}", "b="]
)
def test_without_two_it_says_how(
    query: str, signed_in: Client, two: tuple[UpdateRun, UpdateRun]
) -> None:
    text = rows.text(signed_in, f"/runs/compare/?{query}")
    assert "Tick two runs" in text


def test_two_without_containers_say_so(signed_in: Client, host: Host) -> None:
    a, b = rows.run(host), rows.run(host)
    text = rows.text(signed_in, f"/runs/compare/?a={a.pk}&b={b.pk}")
    assert "In neither of them a container took part." in text
