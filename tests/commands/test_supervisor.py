"""A cluster has to execute a beat now and then; one that is silent is started anew."""

import os
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.commands.installation import wait_until
from tests.commands.processes import group_members
from tests.runs.rows import host_run
from updates.management.processes import Child
from updates.management.supervisor import BEAT_EVERY, SILENCE, ask_for_beat, is_silent
from updates.models import Heartbeat, Host, HostRun
from updates.tasks import beat

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def asked(ago: timedelta, beaten: timedelta | None = None) -> Heartbeat:
    now = timezone.now()
    beaten_at = None if beaten is None else now - beaten
    return Heartbeat.objects.create(queue="default", asked_at=now - ago, beaten_at=beaten_at)


def test_a_beat_is_asked_for_and_executed() -> None:
    ask_for_beat()

    row = Heartbeat.objects.get()
    assert OrmQ.objects.get().task["args"] == ("updates.tasks.beat", row.pk)
    assert row.asked_at
    beat.call(row.pk)
    row.refresh_from_db()
    assert row.beaten_at
    assert row.beaten_at >= row.asked_at


def test_one_beat_is_waited_for_at_a_time() -> None:
    asked(SILENCE - SECOND)

    ask_for_beat()

    assert not OrmQ.objects.exists()


def test_the_next_beat_is_asked_for_when_its_time_has_come() -> None:
    row = asked(BEAT_EVERY - SECOND, beaten=SECOND)
    ask_for_beat()
    assert not OrmQ.objects.exists()
    Heartbeat.objects.update(asked_at=timezone.now() - BEAT_EVERY - SECOND)

    ask_for_beat()

    assert OrmQ.objects.count() == 1
    row.refresh_from_db()
    assert row.asked_at
    assert timezone.now() - row.asked_at < SECOND


def test_a_beat_from_before_the_clock_was_set_back_is_not_waited_for() -> None:
    asked(timedelta(hours=-1))

    ask_for_beat()

    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize(
    ("ago", "beaten", "silent"),
    [
        (SILENCE + SECOND, None, True),
        (SILENCE + SECOND, SILENCE + 2 * SECOND, True),
        (SILENCE + SECOND, SILENCE, False),
        (SILENCE - SECOND, None, False),
    ],
)
def test_a_cluster_is_silent_when_an_old_beat_was_not_executed(
    ago: timedelta, beaten: timedelta | None, silent: bool
) -> None:
    assert not is_silent(), "nobody has asked"
    asked(ago, beaten)

    assert is_silent() is silent


def test_a_cluster_whose_workers_are_busy_is_not_called_silent(host: Host) -> None:
    asked(SILENCE + SECOND)
    part = host_run(host)
    HostRun.objects.filter(pk=part.pk).update(lease_until=timezone.now() + SECOND * 30)
    assert not is_silent()

    HostRun.objects.filter(pk=part.pk).update(lease_until=timezone.now() - SECOND)

    assert is_silent(), "that worker is dead too"


def child(code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], dict(os.environ))


def test_a_child_that_ends_is_started_again_and_later_each_time() -> None:
    one = child("pass")
    one.start()
    assert one.process
    one.process.wait()
    assert not one.keep(), "not within its first second"

    wait_until(one.keep, 5, "it is started again")

    assert one.failures == 1
    one.process.wait()
    time.sleep(1.1)
    assert not one.keep(), "the second time it takes two seconds"
    one.kill()


def test_a_child_ends_with_all_it_started() -> None:
    one = child("import subprocess; subprocess.run(['sleep', '60'])")
    one.start()
    assert one.process
    group = one.process.pid
    wait_until(lambda: len(group_members(group)) == 2, 5, "the grandchild runs")

    one.kill()

    wait_until(lambda: not group_members(group), 5, "the grandchild is gone")
    assert one.has_ended
