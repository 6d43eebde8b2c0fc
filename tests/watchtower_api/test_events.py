"""Runs as events: each once, in their order, over a line that has its bounds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.views import rows
from tests.watchtower_api.conftest import Ask, hang_up
from updates.flow.clean_up import REMOVED
from updates.flow.session import Kind, Params
from updates.models import Host, HostRun, UpdateRun
from updates.models.api_token import Scope
from updates.models.run import RunState
from updates.watchtower_api.events import Stream, as_text
from updates.watchtower_api.happenings import Feed, Happening
from updates.watchtower_api.seats import LISTENING


@pytest.fixture
def feed(db: None) -> Feed:
    return Feed(timezone.now())


def types(found: list[Happening]) -> list[str]:
    return [one.type for one in found]


def finish(run: UpdateRun, state: RunState = RunState.FINISHED, error: str = "") -> None:
    run.host_runs.update(state=state, error=error)
    UpdateRun.objects.filter(pk=run.pk).update(state=state, finished_at=timezone.now())


def test_a_run_is_told_when_it_begins_and_when_it_ends(feed: Feed, host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    assert types(feed.news()) == ["scan_started"]
    assert feed.news() == []
    rows.result(run, "web")
    rows.result(run, "db", "skipped")
    finish(run)
    [ended] = feed.news()
    assert ended.type == "scan_completed"
    assert ended.data == {"scanned": 1, "updated": 1, "failed": 0, "skipped": 1, "run": run.pk}
    assert feed.news() == []


def test_a_run_that_was_quick_is_told_at_once(feed: Feed, host: Host) -> None:
    finish(rows.run(host, RunState.RUNNING))
    assert types(feed.news()) == ["scan_started", "scan_completed"]


def test_what_was_over_before_is_not_told(host: Host) -> None:
    rows.run(host)
    assert Feed(timezone.now()).news() == []


def test_the_end_of_a_run_that_began_long_before_is_told(host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    UpdateRun.objects.update(created_at=timezone.now() - timedelta(days=2))
    feed = Feed(timezone.now())
    assert feed.news() == []
    finish(run)
    assert types(feed.news()) == ["scan_completed"]


def test_a_run_that_another_machines_slow_clock_dates_back_is_told(host: Host) -> None:
    for _ in range(3):
        rows.run(host)
    UpdateRun.objects.update(created_at=timezone.now() - timedelta(days=2))
    feed = Feed(timezone.now())
    assert feed.news() == []
    run = rows.run(host)
    before = timezone.now() - timedelta(hours=1)
    UpdateRun.objects.filter(pk=run.pk).update(
        created_at=before, started_at=before, finished_at=before
    )
    assert types(feed.news()) == ["scan_started", "scan_completed"]
    assert feed.news() == []


def test_the_settings_that_count_for_it_are_told(feed: Feed, host: Host) -> None:
    rows.run(host, RunState.RUNNING, params=Params(switches={"cleanup": True}).to_json())
    rows.run(host, RunState.QUEUED, Kind.SCAN)
    first, second = feed.news()
    assert (first.data["cleanup"], first.data["monitor_only"]) == (True, False)
    assert (second.data["cleanup"], second.data["monitor_only"]) == (False, True)


def test_hosts_that_failed_are_told_one_by_one(feed: Feed, host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    finish(run, RunState.FAILED, "The engine does not answer.")
    assert types(feed.news()) == ["scan_started", "scan_failed"]
    other = Host.objects.create(name="pi", url="unix:///pi.sock")
    run = rows.run(host, RunState.RUNNING)
    finish(run, RunState.FAILED, "Away.")
    HostRun.objects.create(run=run, host=other, state=RunState.FINISHED)
    _, failed, completed = feed.news()
    assert failed.data == {"error": "nas: Away.", "run": run.pk}
    assert completed.type == "scan_completed"


def test_images_that_clean_up_removed_are_told_with_their_last_container(
    feed: Feed, host: Host
) -> None:
    old = "sha256:" + "ab" * 32
    earlier = rows.run(host)
    rows.result(earlier, "web", old_image_id=old)
    run = rows.run(host, RunState.RUNNING)
    rows.event(run, f"{REMOVED}{old[7:19]}.")
    rows.event(run, f"{REMOVED}{'0' * 12}.")
    finish(run)
    cleaned = [one for one in feed.news() if one.type == "image_cleanup"]
    assert [one.data["images"] for one in cleaned] == [
        [
            {
                "image_id": old,
                "image_name": "registry.example.com/web:1",
                "container_id": earlier.host_runs.get().results.get().container_id,
                "container_name": "web",
            }
        ]
    ]


def test_an_event_is_one_paragraph_with_its_time_as_id() -> None:
    at = timezone.now().replace(year=2026, month=1, day=2, microsecond=5)
    text = as_text(Happening("scan_failed", at, {"error": "a\nb"}))
    number, name, data, *rest = text.split("\n")
    assert (name, rest) == ("event: scan_failed", ["", ""])
    assert number.startswith("id: 17")
    assert number.endswith("000005")
    facts: dict[str, Any] = json.loads(data.removeprefix("data: "))
    assert facts["type"] == "scan_failed"
    assert facts["timestamp"].startswith("2026-01-02T")
    assert facts["data"] == {"error": "a\nb"}


@pytest.mark.django_db
class TestStream:
    """The line itself."""

    def test_it_begins_with_how_long_to_wait_before_coming_again(self, ask: Ask) -> None:
        answer = ask("GET", "/v1/events", Scope.READ)
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert next(iter(answer)) == b"retry: 5000\n\n"
        hang_up(answer)

    def test_whoever_comes_again_gets_what_was_missed(self, ask: Ask, host: Host) -> None:
        seen = timezone.now()
        rows.run(host)
        micros = str(int(seen.timestamp() * 1_000_000))
        answer = ask("GET", "/v1/events", Scope.READ, headers={"Last-Event-ID": micros})
        lines = iter(answer)
        texts = [next(lines) for _ in range(3)]
        assert [b"scan_started" in texts[1], b"scan_completed" in texts[2]] == [True, True]
        hang_up(answer)

    @pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "0", "\u00b2", ""])
    def test_an_odd_id_is_no_trouble(self, number: str, ask: Ask) -> None:
        answer = ask("GET", "/v1/events", headers={"Last-Event-ID": number})
        assert next(iter(answer)) == b"retry: 5000\n\n"
        hang_up(answer)

    def test_a_page_of_another_site_may_not_listen(
        self, client: Client, secrets: dict[Scope, str]
    ) -> None:
        for origin, status in (("http://testserver", 200), ("http://evil", 403), ("null", 403)):
            headers = {"Authorization": secrets[Scope.READ], "Origin": origin}
            answer = client.get("/v1/events", headers=headers)
            hang_up(answer)
            assert answer.status_code == status, origin

    def test_subscribers_are_bounded_and_a_seat_is_free_again_when_one_leaves(
        self, ask: Ask
    ) -> None:
        held = [ask("GET", "/v1/events") for _ in range(3)]
        full = ask("GET", "/v1/events")
        assert (full.status_code, full.headers["Retry-After"]) == (503, "30")
        for answer in held:
            hang_up(answer)
            hang_up(answer)  # Twice is once.
        again = ask("GET", "/v1/events")
        assert again.status_code == 200
        hang_up(again)

    def test_it_ends_with_its_time_and_with_its_token(self, feed: Feed) -> None:
        assert len(list(Stream(feed, lambda: True, longest_s=0.0))) == 1
        answers = iter([True, False])
        texts = list(Stream(feed, lambda: next(answers), longest_s=60.0, heart_beat_s=0.0))
        assert texts[1:] == [": still here\n\n"]


def test_all_seats_are_free_again_after_these_tests() -> None:
    for _ in range(3):
        LISTENING.take()
    for _ in range(3):
        LISTENING.leave()
