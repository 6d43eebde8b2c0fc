"""What happened to runs since a moment, as Watchtower's events. It is all read from the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from updates.flow.clean_up import REMOVED
from updates.flow.session import Kind
from updates.models import ContainerResult, RunEvent, UpdateRun
from updates.models.run import OPEN, RunState
from updates.runs.policies import everywhere
from updates.watchtower_api.counts import counts_of

# How many keys back a run may be that is written down later than a newer one.
_LATE = 100
_LONGEST_RUN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: Watchtower's name for it, when it was, and its data."""

    type: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(slots=True)
class Feed:
    """What happened after `since`, each thing once.

    Only the first look goes by times: other machines write them, and clocks are set.
    """

    since: datetime
    _told: set[tuple[int, str]] = field(default_factory=set)
    _open: set[int] = field(default_factory=set)
    _newest: int | None = None

    def news(self) -> list[Happening]:
        """What has happened since the last call, in its order. One query when that is nothing."""
        is_first = self._newest is None
        runs = self._looked_at()
        found = [one for run in runs for one in self._of(run, is_first=is_first)]
        self._open = {run.pk for run in runs if run.is_open}
        self._told &= {(run.pk, what) for run in runs for what in ("began", "ended")}
        return sorted(found, key=lambda one: one.at)

    def _looked_at(self) -> list[UpdateRun]:
        """The runs that may have changed, and all that could be taken for new later on."""
        where = Q(state__in=OPEN) | Q(pk__in=self._open)
        if self._newest is None:
            self._newest = UpdateRun.objects.aggregate(newest=Max("pk"))["newest"] or 0
            where |= Q(created_at__gt=self.since - _LONGEST_RUN)
        where |= Q(pk__gt=self._newest - _LATE)
        runs = list(UpdateRun.objects.filter(where).order_by())
        self._newest = max((run.pk for run in runs), default=self._newest)
        return runs

    def _of(self, run: UpdateRun, *, is_first: bool) -> Iterator[Happening]:
        after = self.since if is_first else None
        if run.started_at and self._is_new(run.pk, "began", run.started_at, after):
            yield Happening("scan_started", run.started_at, _beginning(run))
        if run.finished_at and self._is_new(run.pk, "ended", run.finished_at, after):
            yield from ending(run, run.finished_at)

    def _is_new(self, pk: int, what: str, at: datetime, after: datetime | None) -> bool:
        if (pk, what) in self._told:
            return False
        self._told.add((pk, what))
        return after is None or at > after


def ending(run: UpdateRun, at: datetime) -> Iterator[Happening]:
    """What the end of a run is: images gone, hosts where it failed, and what it came to."""
    if images := _removed(run):
        yield Happening("image_cleanup", at, {"images": images, "run": run.pk})
    parts = list(run.host_runs.values_list("host__name", "state", "error"))
    bad = [(host, error or state) for host, state, error in parts if state != RunState.FINISHED]
    for host, error in bad:
        yield Happening("scan_failed", at, {"error": f"{host}: {error}", "run": run.pk})
    if len(bad) < len(parts):
        counts = asdict(counts_of([run.pk])[run.pk])
        told = {name: counts[name] for name in ("scanned", "updated", "failed", "skipped")}
        yield Happening("scan_completed", at, told | {"run": run.pk})


def _beginning(run: UpdateRun) -> dict[str, object]:
    """The settings that count for the run, by Watchtower's names."""
    settings = everywhere().asked(run.parameters().switches).for_host().settings
    return {
        "cleanup": settings.cleanup,
        "no_restart": settings.no_restart,
        "monitor_only": settings.monitor_only or run.kind == Kind.SCAN,
        "lifecycle_hooks": settings.enable_lifecycle_hooks,
        "rolling_restart": settings.rolling_restart,
        "label_precedence": settings.label_take_precedence,
        "no_pull": settings.no_pull,
        "run_once": False,
        "use_compose_depends_on": settings.use_compose_depends_on,
        "skip_self_update": True,
        "ephemeral_self_update": True,
        "revive_stopped": settings.revive_stopped,
        "run": run.pk,
    }


def _removed(run: UpdateRun) -> list[dict[str, str]]:
    """The images that clean-up removed in this run, and the last container that had each."""
    notes = RunEvent.objects.filter(host_run__run=run, message__startswith=REMOVED)
    found = (_owner(note) for note in notes.select_related("host_run"))
    return [
        {
            "image_id": row.old_image_id,
            "image_name": row.image,
            "container_id": row.container_id,
            "container_name": row.name,
        }
        for row in found
        if row is not None
    ]


def _owner(note: RunEvent) -> ContainerResult | None:
    """The newest result of an update on that host that took this image away."""
    tag = note.message.removeprefix(REMOVED).removesuffix(".")
    rows = ContainerResult.objects.filter(
        host_run__host=note.host_run.host_id, old_image_id__startswith=f"sha256:{tag}"
    )
    return rows.filter(state=ContainerResult.States.UPDATED).order_by("-pk").first()
