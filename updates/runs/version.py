"""When a run looks the same as before."""

from django.db.models import Count, Max, Q, Sum

from updates.models import ContainerResult, HostRun, RunEvent, UpdateRun


def version_of(pk: int) -> str | None:
    """Changes whenever anything of the run that is shown changes, except the clock.

    None when there is no such run. Three queries more when there is.
    """
    state = UpdateRun.objects.filter(pk=pk).values_list("state", "cancelled_at").first()
    if state is None:
        return None
    hosts = HostRun.objects.filter(run=pk).values_list("state", flat=True)
    events = RunEvent.objects.filter(host_run__run=pk).aggregate(last=Max("pk"))
    results = ContainerResult.objects.filter(host_run__run=pk).aggregate(
        last=Max("pk"),
        waiting=Count("pk", filter=Q(state="")),
        pulled=Sum("pulled_bytes"),
        total=Sum("total_bytes"),
    )
    facts = (pk, *state, *hosts, *events.values(), *results.values())
    return "-".join(map(str, facts))
