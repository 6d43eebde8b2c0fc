"""One host run per host at a time, one worker per host run, and no longer than its lease."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from tests.commands.installation import wait_until
from updates.models import ContainerResult, Host, HostRun, UpdateRun
from updates.models.run import RunState
from updates.runs import lease
from updates.runs.recovery import DIED, close_lapsed
from updates.tasks import tick

MINUTE = timedelta(minutes=1)


def queued(host: Host, count: int = 1) -> list[HostRun]:
    """Host runs of this host, each of a run of its own."""
    made = []
    for _ in range(count):
        run = UpdateRun.objects.create(kind="scan", trigger=UpdateRun.Trigger.PAGE)
        made.append(HostRun.objects.create(run=run, host=host))
    return made


def at_once(work: Callable[[int], bool], arguments: list[int]) -> list[bool]:
    """Each argument in a thread of its own, all let go at the same moment."""
    barrier = Barrier(len(arguments))

    def one(argument: int) -> bool:
        try:
            barrier.wait(10)
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(one, arguments))


def lapse(host_run: HostRun) -> None:
    HostRun.objects.filter(pk=host_run.pk).update(lease_until=timezone.now() - MINUTE)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_wins_a_host_run(host: Host) -> None:
    (host_run,) = queued(host)

    won = at_once(lambda pk: HostRun.objects.claim(pk, lease=MINUTE), [host_run.pk] * 8)

    assert won.count(True) == 1
    host_run.refresh_from_db()
    assert host_run.state == RunState.RUNNING
    assert host_run.started_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_many_host_runs_of_a_host_one_runs(host: Host) -> None:
    waiting = [host_run.pk for host_run in queued(host, 6)]

    won = at_once(lambda pk: HostRun.objects.claim(pk, lease=MINUTE), waiting)

    assert won.count(True) == 1
    assert HostRun.objects.filter(state=RunState.RUNNING).count() == 1
    assert HostRun.objects.filter(state=RunState.QUEUED).count() == 5


def test_two_hosts_run_at_the_same_time(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///elsewhere.sock")
    first, second = queued(host) + queued(other)

    assert HostRun.objects.claim(first.pk, lease=MINUTE)
    assert HostRun.objects.claim(second.pk, lease=MINUTE)


def test_a_lease_is_renewed_until_it_has_run_out_after_the_end(host: Host) -> None:
    (host_run,) = queued(host)
    assert not HostRun.objects.renew(host_run.pk, lease=MINUTE), "it is not running yet"
    HostRun.objects.claim(host_run.pk, lease=timedelta(seconds=-1))
    assert HostRun.objects.lapsed().count() == 1

    assert HostRun.objects.renew(host_run.pk, lease=MINUTE)
    assert not HostRun.objects.lapsed().exists()
    assert HostRun.objects.end(host_run.pk, RunState.FINISHED)
    assert HostRun.objects.renew(host_run.pk, lease=MINUTE), "its worker finishes what it has begun"
    lapse(host_run)
    assert not HostRun.objects.renew(host_run.pk, lease=MINUTE)
    assert not HostRun.objects.end(host_run.pk, RunState.FAILED), "it ends once"


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_kept_in_the_background_while_the_work_goes_on(
    host: Host, settings: Settings
) -> None:
    settings.WATCHWEB_LEASE_SECONDS = 0.15
    (host_run,) = queued(host)
    HostRun.objects.claim(host_run.pk, lease=lease.duration())
    before = HostRun.objects.get().lease_until
    assert before

    with lease.kept(host_run.pk):
        wait_until(lambda: (HostRun.objects.get().lease_until or before) > before, 10, "renewed")
        assert not HostRun.objects.filter(lease_until__lt=timezone.now() - MINUTE).exists()


def test_a_lease_from_before_the_clock_was_set_back_has_run_out(host: Host) -> None:
    (host_run,) = queued(host)
    HostRun.objects.claim(host_run.pk, lease=timedelta(hours=1))
    assert HostRun.objects.lapsed().count() == 1
    assert HostRun.objects.renew(host_run.pk, lease=MINUTE), "its worker lives after all"
    assert not HostRun.objects.lapsed().exists()


def test_a_run_ends_though_the_clock_was_set_back_since_it_began(host: Host) -> None:
    (host_run,) = queued(host)
    began = timezone.now() + timedelta(hours=1)
    UpdateRun.objects.update(created_at=began, started_at=began)
    HostRun.objects.claim(host_run.pk, lease=MINUTE)
    HostRun.objects.update(started_at=began)

    assert HostRun.objects.end(host_run.pk, RunState.FINISHED)
    assert UpdateRun.objects.finish(host_run.run_id)

    run = UpdateRun.objects.get()
    assert (run.finished_at, run.seconds) == (began, 0.0)


def test_a_lapsed_host_run_is_closed_with_the_truth_and_hands_over_its_host(host: Host) -> None:
    first, second, third = queued(host, 3)
    HostRun.objects.claim(first.pk, lease=MINUTE)
    assert close_lapsed() == [], "its worker lives"
    left = ContainerResult.objects.create(host_run=first, container_id="a", name="a", image="a")
    lapse(first)

    assert close_lapsed() == [host.pk]

    first.refresh_from_db()
    assert (first.state, first.error) == (RunState.INTERRUPTED, DIED)
    first.run.refresh_from_db()
    assert first.run.state == RunState.INTERRUPTED
    assert first.run.finished_at is not None
    left.refresh_from_db()
    assert left.state == "skipped"
    assert DIED in left.reason
    assert HostRun.objects.next_queued(host.pk) == second
    assert not HostRun.objects.claim(first.pk, lease=MINUTE), "what is over stays over"
    assert HostRun.objects.claim(second.pk, lease=MINUTE)
    assert not HostRun.objects.claim(third.pk, lease=MINUTE)
    assert close_lapsed() == []


def test_the_tick_queues_the_next_host_run_of_a_lapsed_one(host: Host) -> None:
    first, second = queued(host, 2)
    HostRun.objects.claim(first.pk, lease=MINUTE)
    lapse(first)

    tick.call()

    assert OrmQ.objects.get().task["args"] == ("updates.tasks.run_host", second.pk)


def test_a_reserved_host_run_keeps_its_host_until_its_helper_takes_it_once(host: Host) -> None:
    kept, other = queued(host, 2)
    assert HostRun.objects.reserve(kept.pk, lease=MINUTE)
    assert not HostRun.objects.claim(kept.pk, lease=MINUTE), "no worker takes it"
    assert not HostRun.objects.claim(other.pk, lease=MINUTE), "its host is busy"
    assert not HostRun.objects.reserve(other.pk, lease=MINUTE)
    assert HostRun.objects.next_queued(host.pk) == other

    assert HostRun.objects.take_reserved(kept.pk, lease=MINUTE)

    kept.refresh_from_db()
    assert (kept.state, kept.started_at is None) == (RunState.RUNNING, False)
    assert not HostRun.objects.take_reserved(kept.pk, lease=MINUTE)
    assert not HostRun.objects.take_reserved(other.pk, lease=MINUTE)


def test_a_reserved_host_run_whose_helper_does_not_come_is_closed(host: Host) -> None:
    (kept,) = queued(host)
    HostRun.objects.reserve(kept.pk, lease=MINUTE)
    lapse(kept)
    assert close_lapsed() == [host.pk]
    assert not HostRun.objects.take_reserved(kept.pk, lease=MINUTE)


@pytest.mark.django_db(transaction=True)
def test_of_many_helpers_one_takes_a_reserved_host_run(host: Host) -> None:
    (kept,) = queued(host)
    HostRun.objects.reserve(kept.pk, lease=MINUTE)
    won = at_once(lambda pk: HostRun.objects.take_reserved(pk, lease=MINUTE), [kept.pk] * 8)
    assert won.count(True) == 1
