"""Ready is who has a database that is up to date, and workers that answer or are busy."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.runs.rows import host_run
from updates.health.checks import SILENCE, Check, all_checks, is_ready
from updates.models import Heartbeat, Host, HostRun
from updates.tasks import tick

pytestmark = pytest.mark.django_db


def beaten(ago: timedelta) -> None:
    Heartbeat.objects.create(queue="default", beaten_at=timezone.now() - ago)


def check(name: str) -> Check:
    return next(one for one in all_checks() if one.name == name)


def test_all_is_well_with_a_beat_of_just_now() -> None:
    beaten(timedelta(seconds=3))
    checks = all_checks()
    assert [one.name for one in checks] == ["database", "migrations", "workers", "engines"]
    assert is_ready(checks)
    assert check("workers").age_s == pytest.approx(3, abs=2)


def test_a_cluster_that_has_never_answered_or_not_for_long_is_not_ready() -> None:
    assert not check("workers").is_ok
    beaten(SILENCE + timedelta(seconds=1))
    found = check("workers")
    assert (found.is_ok, found.sentence) == (False, "The workers do not answer any more.")
    assert not is_ready(all_checks())


def test_the_tick_of_a_cluster_without_up_is_a_sign_of_life() -> None:
    tick.call()
    assert check("workers").is_ok


def test_one_live_cluster_of_several_is_enough() -> None:
    Heartbeat.objects.create(queue="never")
    beaten(SILENCE * 2)
    Heartbeat.objects.create(queue="attic", beaten_at=timezone.now())
    assert check("workers").is_ok


def test_workers_that_are_busy_need_not_answer(host: Host) -> None:
    beaten(SILENCE * 2)
    part = host_run(host)
    HostRun.objects.filter(pk=part.pk).update(lease_until=timezone.now() + timedelta(seconds=60))
    assert check("workers").is_ok
    HostRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not check("workers").is_ok


def test_a_migration_that_is_missing_is_named() -> None:
    MigrationRecorder.Migration.objects.filter(app="updates", name="0001_initial").delete()
    found = check("migrations")
    assert not found.is_ok
    assert found.details == ("updates.0001_initial is not applied.",)


def test_an_engine_that_is_away_is_told_and_does_no_harm(host: Host) -> None:
    beaten(timedelta(0))
    Host.objects.update(last_error="It is away.")
    found = check("engines")
    assert (found.is_ok, found.is_required) == (False, False)
    assert found.details == ("nas: It is away.",)
    assert is_ready(all_checks())
    assert "details" not in found.to_json(with_details=False)
    Host.objects.update(enabled=False)
    assert check("engines").is_ok
