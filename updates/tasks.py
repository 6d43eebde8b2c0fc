"""The only background entry points. Their arguments are integers; each may be delivered twice."""

from django.tasks import task
from django.utils import timezone

from updates.models import Heartbeat, HostRun, Upkeep
from updates.models.upkeep import Job
from updates.notifications.tasks import look_after
from updates.runs import recovery
from updates.runs.execute import execute_host_run
from updates.runs.prune import prune
from watchweb import stopping


@task
def run_host(host_run_id: int) -> None:
    """Execute a host run, then hand its host to the one that waits for it.

    A worker that is told to stop puts it, or what is left of it, back into the queue.
    """
    host_run = HostRun.objects.select_related("host").get(pk=host_run_id)
    if stopping.is_told():
        enqueue_host_run(host_run)  # It was on its way to this worker already.
        return
    handed_back: list[HostRun] = []

    def enqueue(rest: HostRun) -> None:
        enqueue_host_run(rest)
        handed_back.append(rest)

    is_mine = execute_host_run(host_run_id, enqueue=enqueue)
    # Whoever has the host queues what waits for it; a task that found it busy must not queue
    # itself again and again.
    if is_mine and not handed_back:
        enqueue_waiting(host_run.host_id)


@task
def tick() -> None:
    """What has to be looked after every minute: dead workers' host runs, old rows, messages."""
    with Upkeep.objects.noted(Job.RECOVERY):
        _recover()
    with Upkeep.objects.noted(Job.CLEAN_UP):
        prune()
    with Upkeep.objects.noted(Job.MESSAGES):
        look_after()
    Heartbeat.objects.update_or_create(queue="default", defaults={"beaten_at": timezone.now()})


@task
def beat(heartbeat_id: int) -> None:
    """Show that this queue's workers execute what is asked of them."""
    Heartbeat.objects.filter(pk=heartbeat_id).update(beaten_at=timezone.now())


def enqueue_host_run(host_run: HostRun) -> None:
    """Queue a host run on its host's cluster."""
    queue = host_run.host.queue or "default"
    run_host.using(queue_name=queue).enqueue(host_run.pk)


def _recover() -> None:
    """Close what dead workers left, and queue what is to put it right."""
    freed = recovery.close_lapsed()
    begun = [host_run.host_id for host_run in recovery.begin()]
    for host_id in dict.fromkeys([*freed, *begun]):
        enqueue_waiting(host_id)


def enqueue_waiting(host_id: int) -> None:
    """Queue again what found its host busy: its own task came and went."""
    if waiting := HostRun.objects.next_queued(host_id):
        enqueue_host_run(waiting)
