"""What is different between two runs."""

import pytest

from tests.views import rows
from updates.flow.session import Kind
from updates.models import Host, UpdateRun
from updates.runs.comparing import before, pairs


@pytest.fixture
def two(host: Host) -> tuple[UpdateRun, UpdateRun]:
    return rows.run(host), rows.run(host)


@pytest.mark.parametrize(
    ("first", "second", "different"),
    [
        ({"state": "updated"}, {"state": "updated"}, ()),
        ({"state": "updated"}, {"state": "rolled_back"}, ("state", "digest")),
        ({"state": "failed"}, {"state": "rolled_back"}, ("state",)),
        ({"state": "updated", "seconds": 4}, {"state": "updated", "seconds": 8}, ()),
        ({"state": "updated", "seconds": 4}, {"state": "updated", "seconds": 40}, ("time",)),
        ({"state": "updated"}, None, ("only in the first",)),
        (None, {"state": "updated"}, ("only in the second",)),
    ],
)
def test_what_is_different_is_said_in_words(
    first: dict[str, object] | None,
    second: dict[str, object] | None,
    different: tuple[str, ...],
    two: tuple[UpdateRun, UpdateRun],
) -> None:
    for run, facts in zip(two, (first, second), strict=True):
        if facts is not None:
            rows.result(run, "web", **facts)  # type: ignore[arg-type]
    [pair] = pairs(*two)
    assert (pair.name, pair.differences) == ("web", different)


def test_one_that_was_updated_and_then_left_alone_is_on_the_same_digest(
    two: tuple[UpdateRun, UpdateRun],
) -> None:
    rows.result(two[0], "web", "updated")
    fresh = rows.result(two[1], "web", "fresh")
    type(fresh).objects.filter(pk=fresh.pk).update(old_digest=rows.NEW_DIGEST)
    assert pairs(*two)[0].differences == ("state",)


def test_what_went_wrong_in_one_of_them_comes_first(two: tuple[UpdateRun, UpdateRun]) -> None:
    for name in ("api", "db", "web"):
        rows.result(two[0], name, "fresh")
        rows.result(two[1], name, "failed" if name == "db" else "fresh")
    assert [pair.name for pair in pairs(*two)] == ["db", "api", "web"]


def test_the_run_before_is_the_last_of_its_kind(host: Host) -> None:
    first = rows.run(host)
    rows.run(host, kind=Kind.SCAN)
    assert before(rows.run(host)) == first
    assert before(first) is None
