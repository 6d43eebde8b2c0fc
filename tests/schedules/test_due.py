"""A tick is carried out once, or its reason is recorded."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.schedules.plans import NOW, schedule
from tests.views import rows
from updates.models import Host, Schedule, SchedulePause, ScheduleTick, UpdateRun
from updates.models.run import RunState
from updates.schedules.due import trigger_due

HOUR = timedelta(hours=1)
NIGHT: dict[str, Any] = {"window_begins": time(22), "window_ends": time(23), "window_days": []}


def test_a_due_schedule_starts_its_run_and_is_planned_anew(host: Host) -> None:
    row = schedule(names="web-* db")
    assert trigger_due(NOW) == 1
    row.refresh_from_db()
    run = UpdateRun.objects.get()
    assert (run.trigger, run.kind, run.parameters().names) == (
        "schedule",
        "update",
        ("web-*", "db"),
    )
    assert row.last_tick is not None
    assert (row.last_tick.run, row.last_tick.outcome) == (run, "started")
    assert row.next_at == NOW + HOUR
    assert OrmQ.objects.count() == 1
    assert trigger_due(NOW) == 0


def test_a_claim_is_won_once(host: Host) -> None:
    row = schedule()
    assert Schedule.objects.claim(row.pk, NOW, next_at=NOW + HOUR)
    assert not Schedule.objects.claim(row.pk, NOW, next_at=NOW + HOUR)


def test_what_was_missed_is_run_once(host: Host) -> None:
    schedule(when="1m", due=NOW - 5 * HOUR)
    assert trigger_due(NOW) == 1
    assert trigger_due(NOW) == 0
    assert UpdateRun.objects.count() == 1


def test_a_busy_host_is_skipped_and_the_others_are_not(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    open_run = rows.run(host, RunState.RUNNING)
    schedule()
    trigger_due(NOW)
    tick = ScheduleTick.objects.get()
    assert tick.run is not None
    assert [part.host for part in tick.run.host_runs.all()] == [other]
    assert tick.reason == f"nas is busy with {open_run}."


def test_a_tick_that_finds_every_host_busy_is_recorded_as_skipped(host: Host) -> None:
    rows.run(host, RunState.QUEUED)
    row = schedule()
    trigger_due(NOW)
    tick = ScheduleTick.objects.get()
    assert (tick.outcome, tick.run) == ("skipped", None)
    assert "nas is busy" in tick.reason
    row.refresh_from_db()
    assert row.next_at == NOW + HOUR


def test_an_update_goes_before_a_scan_that_is_due_with_it(host: Host) -> None:
    schedule("a scan", kind="scan")
    schedule("an update")
    trigger_due(NOW)
    found = {tick.schedule.name: tick.outcome for tick in ScheduleTick.objects.all()}
    assert found == {"a scan": "skipped", "an update": "started"}


def test_outside_of_its_window_an_update_looks_and_is_applied_in_it(host: Host) -> None:
    row = schedule(when="0 12 * * *", **NIGHT)
    trigger_due(NOW)
    row.refresh_from_db()
    assert row.next_at == datetime(2026, 11, 25, 22, tzinfo=UTC)
    assert (row.is_owed, UpdateRun.objects.get().kind) == (True, "scan")
    UpdateRun.objects.all().delete()
    trigger_due(row.next_at)
    row.refresh_from_db()
    assert (row.is_owed, UpdateRun.objects.get().kind) == (False, "update")
    assert row.next_at == datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_an_update_that_found_its_host_busy_waits_for_the_next_opening(host: Host) -> None:
    opening = datetime(2026, 11, 25, 22, tzinfo=UTC)
    rows.run(host, RunState.RUNNING)
    row = schedule(when="0 12 1 * *", due=opening, is_owed=True, **NIGHT)
    trigger_due(opening)
    row.refresh_from_db()
    assert row.is_owed
    assert row.next_at == opening + timedelta(days=1)


@pytest.mark.parametrize("facts", [{"when": "nonsense"}, {"zone": "Nowhere/Else"}])
def test_a_malformed_row_is_recorded_and_keeps_no_other(host: Host, facts: dict[str, Any]) -> None:
    broken = schedule("broken", **facts)
    schedule("sound")
    assert trigger_due(NOW) == 2
    broken.refresh_from_db()
    assert broken.next_at is None
    assert broken.last_tick is not None
    assert broken.last_tick.outcome == "failed"
    assert UpdateRun.objects.count() == 1


def test_a_fault_is_recorded_and_keeps_no_other(host: Host) -> None:
    broken = schedule("a broken one")
    broken.ticks.create(due_at=NOW, kind="update", outcome="started")  # Its tick was done already.
    schedule("sound")
    assert trigger_due(NOW + timedelta(minutes=1)) == 2
    broken.refresh_from_db()
    assert broken.last_tick is not None
    assert (broken.last_tick.outcome, broken.last_tick.run) == ("failed", None)
    assert broken.next_at is not None
    assert broken.next_at > NOW
    assert UpdateRun.objects.count() == 1


def test_a_pause_stops_everything_and_nothing_is_made_up_for(host: Host) -> None:
    row = schedule()
    Schedule.objects.pause()
    Schedule.objects.pause()
    assert trigger_due(NOW) == 0
    assert not Schedule.objects.claim(row.pk, NOW, next_at=NOW + HOUR)
    Schedule.objects.resume(timezone.now())
    assert not SchedulePause.objects.exists()
    row.refresh_from_db()
    assert row.next_at is not None
    assert row.next_at > timezone.now()


def test_a_stack_is_its_containers_on_the_hosts_that_have_it(host: Host) -> None:
    Host.objects.create(name="other", url="unix:///x.sock")
    rows.container(host, "shop-web", stack="shop")
    schedule(stack="shop")
    trigger_due(NOW)
    run = UpdateRun.objects.get()
    assert run.parameters().names == ("nas/shop-web",)
    assert [part.host for part in run.host_runs.all()] == [host]


def test_an_unknown_stack_is_nothing_and_never_everything(host: Host) -> None:
    schedule(stack="shop")
    trigger_due(NOW)
    assert not UpdateRun.objects.exists()
    assert "No container of the stack shop" in ScheduleTick.objects.get().reason


def test_without_an_enabled_host_it_says_so(db: None) -> None:
    schedule()
    trigger_due(NOW)
    assert ScheduleTick.objects.get().reason == "None of its hosts is enabled."


def test_at_start_is_due_at_once_for_those_that_ask_for_it(host: Host) -> None:
    row = schedule(due=NOW + HOUR, update_on_start=True)
    schedule("other", due=NOW + HOUR)
    assert Schedule.objects.bring_forward(NOW) == 1
    assert list(Schedule.objects.due(NOW)) == [row]
