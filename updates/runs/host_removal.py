"""A host is taken away, with all that is kept for it: the same for pages, API and admin."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from updates.models import Channel, Hold, Host, HostRun, Policy, Schedule


class HostBusy(Exception):
    """A run is open on it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What depends on a host. `own_*` are for it alone: without it they would be for every host."""

    containers: int
    runs: int
    policies: int
    holds: int
    own_schedules: tuple[Schedule, ...]
    shared_schedules: tuple[Schedule, ...]
    own_channels: tuple[Channel, ...]


def attached_to(host: Host) -> Attached:
    """What goes with it, or changes without it; eight statements at most."""
    schedules = list(host.schedules.prefetch_related("hosts"))
    channels = list(Channel.objects.filter(hosts=host).defer("url").prefetch_related("hosts"))
    return Attached(
        containers=host.containers.count(),
        runs=HostRun.objects.filter(host=host).count(),
        policies=Policy.objects.filter(host=host).count(),
        holds=Hold.objects.filter(host=host).count(),
        own_schedules=tuple(one for one in schedules if len(one.hosts.all()) == 1),
        shared_schedules=tuple(one for one in schedules if len(one.hosts.all()) > 1),
        own_channels=tuple(one for one in channels if len(one.hosts.all()) == 1),
    )


def remove(host: Host) -> None:
    """Delete it. Schedules and channels for it alone are switched off: without a host they would
    be for all of them.

    Raises HostBusy while a run is open there.
    """
    with transaction.atomic():
        if HostRun.objects.open().filter(host=host).exists():
            said = _("A run is open on %(host)s. Wait for its end, or cancel it.")
            raise HostBusy(said % {"host": host})
        attached = attached_to(host)
        for schedule in attached.own_schedules:
            schedule.enabled, schedule.is_owed, schedule.next_at = False, False, None
            schedule.save(update_fields=["enabled", "is_owed", "next_at"])
        for channel in attached.own_channels:
            channel.enabled = False
            channel.save(update_fields=["enabled"])
        host.delete()
