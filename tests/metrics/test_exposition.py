"""A scrape: well formed, true to the rows, never smaller, and no dearer for a large fleet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.lab.authority import Authority
from tests.metrics.scrape import families, samples, text, total, value
from tests.metrics.test_ended import ended
from tests.runs.rows import host_run
from tests.schedules.plans import schedule
from tests.views import rows
from updates.metrics.families import COUNTED, PREFIX
from updates.models import (
    Container,
    Hold,
    Host,
    Replacement,
    SchedulePause,
    Tally,
    UpdateRun,
)
from updates.models.tally import Series, Summed

pytestmark = pytest.mark.django_db
COUNTERS = ("_total", "_count", "_sum", "_bucket")


def test_an_empty_installation_has_every_family_with_its_words(db: None) -> None:
    found = families()
    assert {PREFIX + one.value for one in COUNTED} <= found.keys()
    assert set(COUNTED) == set(Summed)
    for name, family in found.items():
        assert name.startswith(PREFIX)
        assert family.documentation.endswith(".")
        assert family.type in ("counter", "gauge", "histogram")
    assert value("watchweb_build_info", version="0.1.0", **_build()) == 1


def _build() -> dict[str, str]:
    import platform

    return {"python": platform.python_version(), "database": connection.vendor}


def test_the_first_failure_of_a_host_is_an_increase(host: Host) -> None:
    labels = {"host": "nas", "kind": "update", "state": "failed"}
    assert value("watchweb_container_results_total", **labels) == 0
    ended(host, web="failed")
    assert value("watchweb_container_results_total", **labels) == 1


def test_nothing_becomes_smaller_when_old_runs_are_deleted(host: Host) -> None:
    for _ in range(3):
        ended(host, web="updated", db="failed")
    before = samples()
    UpdateRun.objects.all().delete()
    after = samples()
    counted = [key for key in before if key[0].endswith(COUNTERS)]
    assert total("watchweb_container_results_total", before) == 6
    assert all(after[key] >= before[key] for key in counted)
    ended(host, web="updated")
    assert total("watchweb_container_results_total", samples()) == 7


def test_what_a_deleted_host_did_stays_in_the_sum(host: Host) -> None:
    other = Host.objects.create(name="old", url="unix:///x.sock")
    ended(host, web="updated")
    ended(other, web="updated", db="updated")
    before = total("watchweb_container_results_total", samples())
    other.delete()
    after = samples()
    assert total("watchweb_container_results_total", after) == before == 3
    labels = {"host": "", "kind": "update", "state": "updated"}
    assert after["watchweb_container_results_total", frozenset(labels.items())] == 2


def test_a_host_that_is_called_otherwise_takes_its_numbers_along(host: Host) -> None:
    ended(host, web="updated")
    Host.objects.update(name="storage")
    assert value("watchweb_container_results_total", host="storage", kind="update", state="updated")
    assert 'host="nas"' not in text()


def test_hosts_and_their_containers_are_told_as_the_rows_have_them(host: Host) -> None:
    now = timezone.now()
    Host.objects.update(last_seen_at=now, scanned_at=now - timedelta(hours=2))
    away = Host.objects.create(name="away", url="unix:///x.sock", last_error="Gone.")
    Host.objects.create(name="off", url="unix:///x.sock", enabled=False)
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "db")
    Hold.objects.create(host=host, container="web", digest=rows.DIGEST, reason="It failed.")
    Hold.objects.create(host=host, container="db", reason="Until Monday.")
    Replacement.objects.create(host_run=host_run(away), name="web", old_id="1", step="swap")

    assert value("watchweb_host_up", host="nas") == 1
    assert value("watchweb_host_up", host="away") == 0
    assert value("watchweb_host_enabled", host="off") == 0
    assert ("watchweb_host_up", frozenset({("host", "off")})) not in samples(), "never asked"
    assert value("watchweb_host_scan_age_seconds", host="nas") == pytest.approx(7200, abs=60)
    assert value("watchweb_host_scan_age_seconds", host="away") < 60, "since it was added"
    assert value("watchweb_containers", host="nas", status="update_available") == 1
    assert value("watchweb_containers", host="nas", status="unknown") == 0
    assert value("watchweb_updates_available", host="nas") == 1
    assert value("watchweb_images_blocked", host="nas") == 1
    assert value("watchweb_containers_held", host="nas") == 1
    assert value("watchweb_replacements_open", host="away") == 1
    assert value("watchweb_replacements_open", host="nas") == 0


def test_what_waits_is_told_by_queue_with_its_age(host: Host) -> None:
    Host.objects.update(queue="attic")
    host_run(host, state="queued")
    host_run(host, state="running")
    UpdateRun.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    assert value("watchweb_host_runs_queued", queue="attic") == 1
    assert value("watchweb_host_runs_running", queue="attic") == 1
    age = value("watchweb_host_runs_queued_age_seconds", queue="attic")
    assert age == pytest.approx(600, abs=60)
    assert value("watchweb_host_runs_queued_age_seconds", queue="default") == 0


def test_a_tick_that_nobody_carries_out_is_overdue_unless_schedules_are_paused(db: None) -> None:
    now = timezone.now()
    schedule("late", due=now - timedelta(hours=1))
    coming = schedule("coming", due=now + timedelta(hours=1))
    assert value("watchweb_schedule_overdue_seconds", schedule="late") == pytest.approx(
        3600, abs=60
    )
    assert value("watchweb_schedule_overdue_seconds", schedule="coming") == 0
    next_at = value("watchweb_schedule_next_run_timestamp_seconds", schedule="coming")
    assert coming.next_at
    assert next_at == pytest.approx(coming.next_at.timestamp())
    SchedulePause.objects.create(pk=1)
    assert value("watchweb_schedule_overdue_seconds", schedule="late") == 0
    assert value("watchweb_schedules_paused") == 1


def test_certificates_are_told_with_their_end_wherever_they_are_saved(host: Host) -> None:
    authority = Authority()
    Host.objects.update(tls_ca=authority.ca_pem)
    own = timezone.now()
    rows.registry(
        "registry.example.com",
        ca_pem=authority.ca_pem,
        trust="ca_only",
        certificate_expires_at=own,
    )
    name = "watchweb_certificate_expiry_timestamp_seconds"
    end = value(name, of="host", name="nas", role="ca")
    assert end > timezone.now().timestamp()
    assert value(name, of="registry", name="registry.example.com", role="ca") == end
    shown = value(name, of="registry", name="registry.example.com", role="server")
    assert shown == own.timestamp()


def test_registries_are_told_with_what_they_answered(db: None) -> None:
    now = timezone.now()
    rows.registry("ghcr.io", answered_at=now, budget_remaining=40)
    rows.registry("quay.io", failed_at=now, paused_until=now + timedelta(minutes=5))
    rows.registry("docker.io")
    assert value("watchweb_registry_up", registry="ghcr.io") == 1
    assert value("watchweb_registry_up", registry="quay.io") == 0
    assert ("watchweb_registry_up", frozenset({("registry", "docker.io")})) not in samples()
    assert value("watchweb_registry_pause_seconds", registry="quay.io") > 290
    assert value("watchweb_registry_limit_remaining", registry="ghcr.io") == 40


def test_what_people_wrote_is_escaped(host: Host) -> None:
    name = 'a "quoted" \\ one}\nwatchweb_forged 1'
    schedule(name)
    assert value("watchweb_schedule_enabled", schedule=name) == 1
    assert "watchweb_forged" not in families()


def test_no_secret_is_in_it(host: Host) -> None:
    rows.registry("ghcr.io", username="u", password="p4ssw0rd", last_error="token=s3cret")
    Host.objects.update(url="ssh://me:s3cret@10.0.0.5", last_error="s3cret", tls_key="s3cret")
    rows.token("ghcr.io")
    said = text()
    assert 'registry="ghcr.io"' in said
    assert not any(word in said for word in ("p4ssw0rd", "s3cret", rows.SECRET_TOKEN, "10.0.0.5"))


def test_buckets_of_an_earlier_release_count_in_those_above_them(host: Host) -> None:
    Tally.objects.add({Series("pull_duration_seconds", host.pk, ("7",)): 3})
    name = "watchweb_pull_duration_seconds_bucket"
    assert value(name, host="nas", le="5.0") == 0
    assert value(name, host="nas", le="10.0") == 3
    assert value(name, host="nas", le="+Inf") == 3


def test_a_hundred_hosts_cost_no_more_statements_than_one(host: Host) -> None:
    ended(host, web="updated")
    with CaptureQueriesContext(connection) as captured:
        text()
    before = len(captured)
    for number in range(100):
        other = Host.objects.create(name=f"host-{number}", url="unix:///x.sock")
        rows.container(other, "web")
        schedule(f"schedule-{number}")
        rows.registry(f"registry-{number}.example.com")
        host_run(other, state="queued")
    with CaptureQueriesContext(connection) as captured:
        text()
    assert len(captured) == before <= 14
