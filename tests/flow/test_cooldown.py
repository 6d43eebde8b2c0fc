"""A new image waits until it is old enough, counted from when it was first seen, or made later."""

from datetime import timedelta

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.names import remote_digest
from tests.fakes.record import NOW
from tests.flow.bench import Bench
from updates.flow.policy import Policies

DAY = 86_400


@pytest.fixture
def stale(bench: Bench) -> Bench:
    bench.stale("web", new=FakeImage("new"))
    return bench


def test_a_new_image_waits_and_it_is_told_until_when(stale: Bench) -> None:
    result = stale.update(cooldown_delay=2 * DAY)["web"]
    assert result.state == "stale"
    assert "its cooldown ends on 2026-01-04 03:04 UTC" in result.reason
    assert stale.engine.counts()["pull"] == 0
    web = stale.engine.named("web")
    assert stale.recorder.plan.cooling == {web.id: NOW + timedelta(days=2)}


def test_it_counts_from_when_the_digest_was_first_seen(stale: Bench) -> None:
    stale.recorder.seen[remote_digest("new")] = NOW - timedelta(days=3)
    assert stale.update(cooldown_delay=2 * DAY)["web"].state == "updated"


def test_another_digest_begins_anew(stale: Bench) -> None:
    stale.recorder.seen[remote_digest("older")] = NOW - timedelta(days=3)
    assert stale.update(cooldown_delay=2 * DAY)["web"].state == "stale"


def test_an_image_that_was_made_after_it_was_seen_counts_from_then(stale: Bench) -> None:
    """A tag that was seen early, and whose image says it is younger."""
    stale.recorder.seen[remote_digest("new")] = NOW - timedelta(days=3)
    stale.engine.remote["shop/web:1"].created = (NOW - timedelta(days=1)).isoformat()
    result = stale.update(cooldown_delay=2 * DAY)["web"]
    assert (result.state, stale.engine.counts()["stop"]) == ("stale", 0)
    assert "2026-01-03 03:04 UTC" in result.reason


@pytest.mark.parametrize("created", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "", "x"])
def test_a_time_that_says_nothing_does_not_count(stale: Bench, created: str) -> None:
    stale.recorder.seen[remote_digest("new")] = NOW - timedelta(days=3)
    stale.engine.remote["shop/web:1"].created = created
    assert stale.update(cooldown_delay=2 * DAY)["web"].state == "updated"


def test_each_container_has_its_own(stale: Bench) -> None:
    stale.stale("db")
    stale.policies = Policies(
        host={"cooldown_delay": DAY}, containers={"db": {"cooldown_delay": 0}}
    )
    stale.update()
    assert stale.states() == {"web": "stale", "db": "updated"}


def test_a_scan_notes_what_it_saw_so_that_a_later_cooldown_can_count(stale: Bench) -> None:
    stale.scan()
    assert stale.recorder.seen == {remote_digest("new"): NOW}


def test_a_scan_tells_of_a_cooldown_too(stale: Bench) -> None:
    assert "its cooldown ends on" in stale.scan(cooldown_delay=DAY)["web"].reason
