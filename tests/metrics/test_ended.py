"""What is over is counted, once, in its host's name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.metrics.scrape import samples, total, value
from tests.notifications import news
from tests.runs.rows import host_run
from tests.schedules.plans import schedule
from tests.views import rows
from updates.flow.session import Kind, Step
from updates.models import ContainerResult, Host, HostRun, RunEvent, UpdateRun
from updates.models.run import RunState
from updates.notifications.outbox import deliver, queue_test
from updates.runs.execute import close_host_run
from updates.schedules.due import trigger_due

pytestmark = pytest.mark.django_db
RESULTS = "watchweb_container_results_total"


def ended(host: Host, kind: Kind = Kind.UPDATE, **states: str) -> HostRun:
    """A host run that was closed as the product does it, with results by name."""
    part = host_run(host, kind=kind)
    HostRun.objects.filter(pk=part.pk).update(
        started_at=timezone.now() - timedelta(seconds=20), engine_calls=12, freed_bytes=5000
    )
    for name, state in states.items():
        rows.result(part.run, name, state, seconds=4.0)
    close_host_run(part, RunState.FINISHED, "")
    return part


def test_a_host_run_is_counted_with_its_results(host: Host) -> None:
    ended(host, web="updated", db="rolled_back", cache="failed", dns="skipped", vpn="restarted")
    ended(host, web="fresh", db="fresh")
    ended(host, Kind.SCAN, web="stale")

    found = samples()
    for state, number in {"updated": 1, "rolled_back": 1, "failed": 1, "fresh": 2}.items():
        labels = {"host": "nas", "kind": "update", "state": state}
        assert found[RESULTS, frozenset(labels.items())] == number
    assert value(RESULTS, host="nas", kind="scan", state="stale") == 1
    assert value("watchweb_host_runs_total", host="nas", kind="update", state="finished") == 2
    assert value("watchweb_runs_total", kind="scan", trigger="page", state="finished") == 1
    assert value("watchweb_engine_calls_total", host="nas") == 36
    assert value("watchweb_freed_bytes_total", host="nas") == 15000
    seconds = "watchweb_host_run_duration_seconds"
    assert value(f"{seconds}_count", host="nas", kind="update") == 2
    assert value(f"{seconds}_bucket", host="nas", kind="update", le="10.0") == 0
    assert value(f"{seconds}_bucket", host="nas", kind="update", le="30.0") == 2
    updates = "watchweb_container_update_duration_seconds"
    assert value(f"{updates}_count", host="nas") == 2, "those that came back: web and vpn"
    assert value(f"{updates}_sum", host="nas") == 8


def test_a_host_run_that_is_closed_twice_is_counted_once(host: Host) -> None:
    part = ended(host, web="updated")
    close_host_run(part, RunState.INTERRUPTED, "Its worker died.")
    assert total("watchweb_host_runs_total", samples()) == 1
    assert total(RESULTS, samples()) == 1


def test_what_was_not_begun_counts_as_skipped(host: Host) -> None:
    ended(host, web="")
    assert value(RESULTS, host="nas", kind="update", state="skipped") == 1


def test_downtime_and_pull_are_read_from_the_story_of_the_run(host: Host) -> None:
    part, now = host_run(host), timezone.now()
    for name in ("web", "api"):
        rows.result(part.run, name, "updated", pulled_bytes=700)
        steps = ((Step.PULL, 0), (Step.PULLED, 8), (Step.HOLD, 10), (Step.GATE, 12.5))
        for step, after_s in steps:
            RunEvent.objects.create(
                host_run=part, container=name, step=step, at=now + timedelta(seconds=after_s)
            )
    ContainerResult.objects.update(image="registry.example.com/shared:1")
    close_host_run(part, RunState.FINISHED, "")

    assert value("watchweb_container_downtime_seconds_sum", host="nas") == 5
    assert value("watchweb_container_downtime_seconds_bucket", host="nas", le="2.5") == 2
    assert value("watchweb_pull_duration_seconds_sum", host="nas") == 8, "they share the pull"
    assert value("watchweb_pulled_bytes_total", host="nas") == 700


def test_only_a_run_of_all_containers_is_a_whole_scan(host: Host) -> None:
    part = host_run(host)
    UpdateRun.objects.update(params={"kind": "update", "names": ["web"]})
    close_host_run(part, RunState.FINISHED, "")
    close_host_run(host_run(host), RunState.FAILED, "Away.")
    host.refresh_from_db()
    assert host.scanned_at is None

    close_host_run(host_run(host), RunState.FINISHED, "")
    host.refresh_from_db()
    assert host.scanned_at


@pytest.mark.django_db(transaction=True)
def test_the_ticks_of_schedules_are_counted_by_their_outcome(host: Host) -> None:
    row = schedule()
    assert value("watchweb_schedule_ticks_total", schedule="nightly", outcome="failed") == 0
    trigger_due(timezone.now())
    row.refresh_from_db()
    schedule("broken", when="no such time")
    trigger_due(timezone.now())

    assert value("watchweb_schedule_ticks_total", schedule="nightly", outcome="started") == 1
    assert value("watchweb_schedule_ticks_total", schedule="broken", outcome="failed") == 1


def test_messages_are_counted_by_what_became_of_them(db: None) -> None:
    channel = news.channel(url="json://127.0.0.1:9/nobody-listens")
    deliver(queue_test(channel).pk)
    assert value("watchweb_notification_deliveries_total", outcome="failed") == 1
    assert value("watchweb_notification_deliveries_total", outcome="sent") == 0
