"""Runs that are over."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.views import rows
from tests.watchtower_api.conftest import Ask
from updates.models import Host, UpdateRun
from updates.models.run import RunState

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


@pytest.fixture
def three(host: Host) -> None:
    """Runs that ended at noon, one and two o'clock, and one that goes on."""
    for number in range(3):
        run = rows.run(host)
        rows.result(run, "web")
        at = NOON + timedelta(hours=number)
        UpdateRun.objects.filter(pk=run.pk).update(created_at=at, finished_at=at)
    rows.run(host, RunState.RUNNING)


def hours(ask: Ask, query: str) -> list[int]:
    facts = ask("GET", f"/v1/history?{query}").json()
    assert facts["count"] == len(facts["entries"])
    return [datetime.fromisoformat(one["timestamp"]).hour for one in facts["entries"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [12, 13, 14]),
        ("limit=2", [13, 14]),
        ("limit=0", [12, 13, 14]),
        ("since=2026-01-20T13:00:00Z", [13, 14]),
        ("until=2026-01-20T13:00:00Z", [12, 13]),
        ("since=2026-01-20T12:30:00Z&until=2026-01-20T13:30:00Z&limit=5", [13]),
    ],
)
def test_the_newest_are_told_the_oldest_of_them_first(
    query: str, found: list[int], three: None, ask: Ask
) -> None:
    assert hours(ask, query) == found


def test_a_time_range_that_ends_before_it_begins_is_refused(ask: Ask) -> None:
    query = "since=2026-01-21T00:00:00Z&until=2026-01-20T00:00:00Z"
    answer = ask("GET", f"/v1/history?{query}")
    assert (answer.status_code, "must not be after" in answer.json()["error"]) == (400, True)


def test_results_are_counted_in_watchtowers_words(ask: Ask, host: Host) -> None:
    run = rows.run(host)
    states = ("updated", "updated", "failed", "rolled_back", "restarted", "skipped", "fresh", "")
    for number, state in enumerate(states):
        rows.result(run, f"app-{number}", state)
    facts = ask("GET", "/v1/status").json()
    assert facts["summary"] == {
        "scanned": 6,
        "updated": 2,
        "failed": 2,
        "restarted": 1,
        "skipped": 1,
    }
    [entry] = ask("GET", "/v1/history").json()["entries"]
    assert entry == {"timestamp": facts["timestamp"], **facts["summary"]}


def test_before_the_first_run_is_over_there_is_no_status(ask: Ask, host: Host) -> None:
    rows.run(host, RunState.QUEUED)
    assert ask("GET", "/v1/status").status_code == 204
    assert ask("GET", "/v1/history").json()["entries"] == []
