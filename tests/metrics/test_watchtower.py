"""Watchtower's names, with Watchtower's meaning."""

import pytest
from django.utils import timezone

from tests.metrics import scrape
from tests.metrics.test_ended import ended
from tests.runs.rows import host_run
from tests.schedules.plans import schedule
from updates.flow.session import Kind
from updates.metrics import watchtower
from updates.models import Host, UpdateRun
from updates.schedules.due import trigger_due

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {
    "watchtower_containers_scanned",
    "watchtower_containers_updated",
    "watchtower_containers_failed",
    "watchtower_containers_restarted",
    "watchtower_containers_skipped",
    "watchtower_containers_restarted_total",
    "watchtower_scans_total",
    "watchtower_scans_skipped",
    "watchtower_scans_skipped_total",
    "watchtower_metrics_dropped_total",
}


def found() -> dict[str, float]:
    return {name: value for (name, _), value in scrape.samples(watchtower.families).items()}


def test_every_name_is_there_from_the_start(db: None) -> None:
    assert found() == dict.fromkeys(NAMES, 0)


def test_gauges_are_of_the_last_run_that_ended_and_counters_of_all(host: Host) -> None:
    ended(host, web="updated", db="restarted")
    ended(host, Kind.SCAN, web="stale", db="fresh", dns="skipped", vpn="rolled_back")
    host_run(host)

    now = found()
    assert now["watchtower_containers_scanned"] == 3
    assert now["watchtower_containers_updated"] == 1, "what is stale counts, as it did there"
    assert now["watchtower_containers_failed"] == 1
    assert now["watchtower_containers_skipped"] == 1
    assert now["watchtower_containers_restarted"] == 0
    assert now["watchtower_containers_restarted_total"] == 1
    assert now["watchtower_scans_total"] == 2


def test_a_scan_that_was_skipped_counts_as_a_scan_and_as_skipped(host: Host) -> None:
    host_run(host)
    schedule()
    trigger_due(timezone.now())
    assert UpdateRun.objects.count() == 1
    now = found()
    assert now["watchtower_scans_total"] == now["watchtower_scans_skipped_total"] == 1
    assert now["watchtower_scans_skipped"] == 1


def test_a_deleted_history_leaves_the_counters(host: Host) -> None:
    ended(host, web="restarted")
    UpdateRun.objects.all().delete()
    now = found()
    assert now["watchtower_scans_total"] == now["watchtower_containers_restarted_total"] == 1
    assert now["watchtower_containers_scanned"] == 0
