"""Which containers came back under which ids in runs that were broken off."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet

from updates.flow.session import State
from updates.models import ContainerResult, HostRun, Replacement
from updates.models.run import RunState

_BROKEN_OFF = (RunState.INTERRUPTED, RunState.FAILED)


def broken_off(host: int | OuterRef) -> QuerySet[HostRun]:
    """Host runs that replaced something and ended early, if none has come to its end on their
    host since: each begins with putting that right."""
    later = HostRun.objects.filter(
        host=OuterRef("host"), pk__gt=OuterRef("pk"), state=RunState.FINISHED
    )
    replaced = Replacement.objects.filter(host_run=OuterRef("pk"))
    rows = HostRun.objects.filter(Exists(replaced), host=host, state__in=_BROKEN_OFF)
    return rows.filter(~Exists(later))


def ids(*host_runs: HostRun) -> Mapping[str, str]:
    """Old ids to the ids they have now, of what was stopped in these host runs, and in others on
    their host that were broken off. One that came back as itself is in there too."""
    others = broken_off(host_runs[0].host_id).values_list("pk", flat=True)
    parts = {*(one.pk for one in host_runs), *others}
    found: dict[str, str] = {}
    for row in (
        Replacement.objects.filter(host_run__in=parts).exclude(closed_at=None).order_by("pk")
    ):
        now = _id_now(row)
        found = {old: now if new == row.old_id else new for old, new in found.items()}
        found[row.old_id] = now
    return found


def _id_now(row: Replacement) -> str:
    if row.outcome == State.UPDATED:
        return row.new_id
    result = ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
    return result.values_list("new_id", flat=True).first() or row.old_id
