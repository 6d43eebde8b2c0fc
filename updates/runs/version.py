"""When a run looks the same as before."""

from django.db.models import Max, OuterRef, Subquery, Sum

from updates.models import ContainerResult, RunEvent, UpdateRun
from updates.runs.counting import counts_of


def version_of(pk: int) -> str | None:
    """Changes whenever anything of the run that is shown changes, except the clock.

    None when there is no such run. Three queries, which read what is being worked on, and of the
    rest no more than indexes.
    """
    last = RunEvent.objects.filter(host_run=OuterRef("host_runs")).order_by("-pk").values("pk")[:1]
    rows = UpdateRun.objects.filter(pk=pk).order_by("host_runs__pk").annotate(last=Subquery(last))
    hosts = list(rows.values_list("state", "cancelled_at", "host_runs__state", "last"))
    if not hosts:
        return None
    at_work = ContainerResult.objects.filter(host_run__run=pk, state="").aggregate(
        pulled=Sum("pulled_bytes"),
        total=Sum("total_bytes"),
        layers=Sum("pulled_layers"),
        gate=Max("gate_until"),
    )
    counts = sorted(counts_of([pk])[pk].items())
    facts = (pk, *hosts, *counts, *at_work.values())
    return "-".join(map(_plain, facts))


def _plain(fact: object) -> str:
    """As an ETag takes it."""
    parts = fact if isinstance(fact, tuple) else (fact,)
    return ".".join(str(part).replace(" ", "T") for part in parts)
