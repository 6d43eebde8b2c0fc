"""The record of a host run while it goes: results, events, progress, the inventory."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from updates.engine.container import ContainerSummary, ImageSummary
from updates.engine.pull import PullSnapshot
from updates.flow.check import Verdict
from updates.flow.holds import Holds
from updates.flow.places import Place, places_of
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.ports import Replaced
from updates.flow.session import Interrupted, Result, State, Step
from updates.flow.ties import Ties
from updates.models import Container, ContainerResult, HostRun, RunEvent
from updates.models.run import RunState
from updates.registry.reference import Reference
from updates.runs import history, holds, inventory, settle

PROGRESS_PAUSE_S = 0.5
_UNEVENTFUL = (State.FRESH, State.STALE)


def _no_times(_: Reference) -> tuple[None, None]:
    return None, None


class RowRecorder:
    """The flow's `Recorder`. It asks the row whether the run is still its own.

    `times` tells how old an answer is; `seen` is called when the engine has listed what it has.
    """

    def __init__(
        self,
        host_run: HostRun,
        times: inventory.Times = _no_times,
        seen: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host_run = host_run
        self.times = times
        self.seen = seen
        self.monotonic = monotonic
        self.names: dict[str, str] = {}
        self.verdicts: Mapping[str, Verdict] = {}
        self.written_at: dict[str, float] = {}
        self.versions: Mapping[str, str] = {}
        self.is_back = bool(host_run.run.parameters().back_to)

    def may_go_on(self) -> None:
        if not HostRun.objects.filter(pk=self.host_run.pk, state=RunState.RUNNING).exists():
            raise Interrupted("Another worker took this run over, or it was stopped.")

    def inventory(
        self, containers: Sequence[ContainerSummary], images: Sequence[ImageSummary]
    ) -> None:
        is_first = not self.names
        if is_first:
            self.seen()
        self.names |= {container.id: container.name for container in containers}
        self.versions = inventory.versions_in(images)
        inventory.refresh(self.host_run.host, containers, images)
        if is_first:
            self.note(f"Listed {len(containers)} containers and {len(images)} images.")

    def checked(self, verdicts: Mapping[str, Verdict]) -> None:
        self.verdicts = verdicts
        inventory.save_verdicts(self.host_run.host, verdicts, self.times, self.versions)
        asked = {v.reference for v in verdicts.values() if v.reference is not None}
        stale = sum(verdict.is_stale for verdict in verdicts.values())
        self.note(f"Checked {len(asked)} images: {stale} containers have an update.")

    def known_ties(self) -> Mapping[str, Ties]:
        return inventory.known_ties(self.host_run.host)

    def tied(self, ties: Mapping[str, Ties]) -> None:
        inventory.save_ties(self.host_run.host, ties)

    def planned(self, plan: Plan) -> None:
        """A result row for each action at once, so that the page shows what is to come; and why
        the rest waits."""
        inventory.save_waiting(self.host_run.host, plan.left, plan.cooling)
        self.names |= {one.container.id: one.container.name for one in plan.actions}
        places = places_of(plan.actions)
        rows = (self._planned(one, places[one.container.id]) for one in plan.actions)
        # One that an earlier part of this run has dealt with, and that follows another now.
        ContainerResult.objects.bulk_create(rows, ignore_conflicts=True)
        if plan.actions:
            updates = sum(action.kind is ActionKind.UPDATE for action in plan.actions)
            restarts = len(plan.actions) - updates
            self.note(f"Planned: {updates} to update, {restarts} to restart with them.")

    def _planned(self, action: Action, place: Place) -> ContainerResult:
        verdict = self.verdicts.get(action.container.id)
        return ContainerResult(
            host_run=self.host_run,
            container_id=action.container.id,
            name=action.container.name,
            image=action.container.image,
            reason=action.reason,
            place=place.number,
            wave=place.wave,
            waits_for=", ".join(place.waits_for),
            shares_with=", ".join(place.shares_with),
            old_image_id=action.container.image_id,
            old_digest=verdict.local_digest if verdict else "",
            new_digest=verdict.remote_digest if verdict else "",
        )

    def step(
        self, container_id: str, step: Step, message: str, limit_s: float | None = None
    ) -> None:
        until = None if limit_s is None else timezone.now() + timedelta(seconds=limit_s)
        self._results(container_id).update(step=step, gate_until=until)
        self._event(message, container_id, step)

    def progress(self, container_id: str, snapshot: PullSnapshot) -> None:
        """At most two writes a second per container, and the last word always."""
        now = self.monotonic()
        is_last = bool(snapshot.total_bytes) and snapshot.current_bytes >= snapshot.total_bytes
        if now - self.written_at.get(container_id, 0.0) < PROGRESS_PAUSE_S and not is_last:
            return
        self.written_at[container_id] = now
        self._results(container_id).update(
            pulled_bytes=snapshot.current_bytes,
            total_bytes=snapshot.total_bytes,
            pulled_layers=snapshot.layers_done,
            total_layers=snapshot.layers_total,
        )

    def note(self, message: str) -> None:
        self._event(message)

    def first_seen(self, digests: Collection[str]) -> Mapping[str, datetime]:
        return history.first_seen(digests)

    def replaced(self) -> Collection[Replaced]:
        return history.replaced_on(self.host_run.host_id)

    def holds(self) -> Holds:
        return holds.holds_of(self.host_run.host_id)

    def hold(self, name: str, why: str) -> None:
        holds.hold(self.host_run.host_id, name, why, self.host_run.run.user)

    def release(self, name: str, digest: str = "") -> None:
        holds.release(self.host_run.host_id, name, digest)

    def freed(self, size: int) -> None:
        HostRun.objects.filter(pk=self.host_run.pk).update(freed_bytes=size)

    def results(self, results: Sequence[Result]) -> None:
        """Those that are left as they are, in two statements."""
        ContainerResult.objects.bulk_create(
            ContainerResult(host_run=self.host_run, step=Step.DONE, **_columns(one))
            for one in results
        )
        RunEvent.objects.bulk_create(
            self._event_row(_told(one), one.container_id, Step.DONE)
            for one in results
            if one.state not in _UNEVENTFUL
        )

    def result(self, result: Result) -> None:
        if result.blames_image:
            settle.block(self.host_run, result)
        facts = _columns(result)
        del facts["container_id"]
        ContainerResult.objects.update_or_create(
            host_run=self.host_run,
            container_id=result.container_id,
            defaults=facts | {"step": Step.DONE},
        )
        if result.state not in _UNEVENTFUL:
            self._event(_told(result), result.container_id, Step.DONE)
        if result.state in (State.UPDATED, State.RESTARTED):
            rows = Container.objects.filter(host=self.host_run.host, name=result.name)
            rows.update(updated_at=timezone.now())
        if result.state is State.UPDATED and self.is_back:
            inventory.save_back(self.host_run.host, result)
        elif result.state in (State.UPDATED, State.FRESH) and result.new_digest:
            self._is_up_to_date(result)

    def _is_up_to_date(self, result: Result) -> None:
        rows = Container.objects.filter(host=self.host_run.host, name=result.name)
        rows.update(
            status=Container.Status.UP_TO_DATE,
            status_reason="",
            local_digest=result.new_digest,
            remote_digest=result.new_digest,
            image=result.image,
            available_version="",
        )

    def _results(self, container_id: str) -> QuerySet[ContainerResult]:
        return ContainerResult.objects.filter(host_run=self.host_run, container_id=container_id)

    def _event(self, message: str, container_id: str = "", step: str = "") -> None:
        self._event_row(message, container_id, step).save()

    def _event_row(self, message: str, container_id: str, step: str) -> RunEvent:
        return RunEvent(
            host_run=self.host_run,
            container=self.names.get(container_id, ""),
            step=step,
            message=message,
        )


def _columns(result: Result) -> dict[str, Any]:
    """A result as its row keeps it; a blamed image is a row of its own."""
    return {key: value for key, value in asdict(result).items() if key != "blames_image"}


def _told(result: Result) -> str:
    """A result as a line of the run's story."""
    return f"{State(result.state).replace('_', ' ').capitalize()}. {result.reason}".strip()
