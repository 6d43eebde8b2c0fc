"""Host runs whose worker died: closed with the truth, so that their host is free again."""

from updates.models import HostRun
from updates.models.host_run import HostRunQuerySet
from updates.models.run import RunState
from updates.runs.execute import close_host_run

DIED = "Its worker stopped without a word; what it had done is recorded."


def close_lapsed() -> list[int]:
    """Close each running host run whose lease ran out; the ids of their hosts."""
    return _close(HostRun.objects.lapsed())


def close_lapsed_on(host_id: int) -> None:
    """Close the one on this host, if its lease ran out."""
    _close(HostRun.objects.lapsed().filter(host=host_id))


def _close(lapsed: HostRunQuerySet) -> list[int]:
    hosts = []
    for host_run in lapsed.select_related("run", "host"):
        close_host_run(host_run, RunState.INTERRUPTED, DIED)
        hosts.append(host_run.host_id)
    return hosts
