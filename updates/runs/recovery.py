"""Host runs whose worker died: closed with the truth, so that their host is free again."""

from updates.models import HostRun
from updates.models.run import RunState
from updates.runs.execute import close_host_run

DIED = "Its worker stopped without a word; what it had done is recorded."


def close_lapsed() -> list[int]:
    """Close each running host run whose lease ran out; the ids of their hosts."""
    hosts = []
    for host_run in HostRun.objects.lapsed().select_related("run", "host"):
        close_host_run(host_run, RunState.INTERRUPTED, DIED)
        hosts.append(host_run.host_id)
    return hosts
