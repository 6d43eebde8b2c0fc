"""What dead workers left behind: found, closed with the truth, and handed to a run that puts it
right.

Every host run begins with putting right what was left on its host (unfinished). Where none is on
its way, one is written for that alone: a scan of nobody, which asks no registry.
"""

from collections.abc import Collection

from django.db import transaction

from updates.engine.client import Engine
from updates.engine.errors import EngineError
from updates.flow.session import NOBODY, Kind, Params
from updates.models import Host, HostRun, UpdateRun
from updates.models.host_run import HostRunQuerySet
from updates.models.run import RunState
from updates.runs.execute import close_host_run
from updates.runs.unfinished import hosts_in_need, is_due
from updates.runs.write import write_run

DIED = "Its worker stopped without a word; what it had done is recorded."
NOTHING_ELSE = Params(kind=Kind.SCAN, names=NOBODY)
_PATIENCE_S = 5.0


def close_lapsed() -> list[int]:
    """Close each running host run whose lease ran out; the ids of their hosts."""
    return _close(HostRun.objects.lapsed())


def close_lapsed_on(host_id: int) -> None:
    """Close the one on this host, if its lease ran out."""
    _close(HostRun.objects.lapsed().filter(host=host_id))


def begin(
    *, source: UpdateRun.Trigger = UpdateRun.Trigger.SCHEDULE, hosts: Collection[int] | None = None
) -> list[HostRun]:
    """A host run for each host in need whose engine answers; the caller queues or executes them.

    `hosts`: only these. None is written for a host that has one on its way, nor for one whose
    engine is away: it is asked again the next time. Who asks for it by hand gets one all the
    same: the one that waits for this alone, or one beside what waits for something else.
    """
    is_asked_for = source != UpdateRun.Trigger.SCHEDULE
    chosen = hosts_in_need(is_asked_for=is_asked_for)
    chosen = chosen if hosts is None else chosen.filter(pk__in=hosts)
    due = [one for one in chosen if is_asked_for or is_due(one.pk)]
    begun = [_begun(host, source) for host in due if is_there(host)]
    return [one for one in begun if one is not None]


def is_there(host: Host) -> bool:
    """Whether its engine answers. One that only workers of its own queue reach is not asked."""
    if host.queue:
        return True
    with Engine(host.endpoint(), timeout_s=_PATIENCE_S) as engine:
        try:
            engine.open()
        except EngineError:
            return False
    return True


def _begun(host: Host, source: UpdateRun.Trigger) -> HostRun | None:
    with transaction.atomic():
        # Two that look at once: the second one waits here, and finds the first one's.
        Host.objects.select_for_update().get(pk=host.pk)
        on_their_way = HostRun.objects.open().filter(host=host).select_related("run")
        states = {one.state for one in on_their_way}
        if RunState.RUNNING in states or (states and source == UpdateRun.Trigger.SCHEDULE):
            return None
        for one in on_their_way:
            if one.run.parameters() == NOTHING_ELSE:
                return one  # Its task, when it comes, finds it done.
        _, [host_run] = write_run([host], NOTHING_ELSE, source=source)
    return host_run


def _close(lapsed: HostRunQuerySet) -> list[int]:
    hosts = []
    for host_run in lapsed.select_related("run", "host"):
        close_host_run(host_run, RunState.INTERRUPTED, DIED)
        hosts.append(host_run.host_id)
    return hosts
