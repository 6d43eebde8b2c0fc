"""What goes with a host, and what must not grow when it goes."""

import pytest

from tests.views import rows
from updates.models import Channel, Container, Host, Schedule
from updates.models.run import RunState
from updates.runs.host_removal import HostBusy, attached_to, remove


def test_a_schedule_for_it_alone_does_not_become_one_for_every_host(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    alone = Schedule.objects.create(name="alone", when="@daily")
    alone.plan(alone.created_at)
    alone.hosts.set([host])
    shared = Schedule.objects.create(name="shared", when="@daily")
    shared.hosts.set([host, other])
    attached = attached_to(host)
    assert (attached.own_schedules, attached.shared_schedules) == ((alone,), (shared,))
    remove(host)
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert (alone.enabled, alone.next_at) == (False, None)
    assert shared.enabled
    assert [one.name for one in shared.hosts.all()] == ["other"]


def test_a_channel_for_it_alone_does_not_begin_to_tell_of_every_host(host: Host) -> None:
    channel = Channel.objects.create(name="phone", url="json://x/y")
    channel.hosts.set([host])
    remove(host)
    channel.refresh_from_db()
    assert not channel.enabled


def test_nothing_goes_while_a_run_is_open_there(host: Host) -> None:
    rows.container(host, "web")
    rows.run(host, RunState.QUEUED)
    with pytest.raises(HostBusy, match="A run is open on nas"):
        remove(host)
    assert Container.objects.exists()
