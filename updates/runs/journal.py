"""The journal of a host run's replacements, in rows.

Whoever puts a row right takes it over first. From then on its writer is refused: a worker that was
only slow finds out before its next effect, and goes the way back too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from updates.engine.container import ContainerSummary
from updates.engine.hostspec import is_anonymous
from updates.flow.ports import Page
from updates.flow.session import Interrupted, Step
from updates.models import HostRun, Replacement

TAKEN_BY = "taken_by"  # Among a row's facts: the host run that puts it right.
TAKEN_OVER = "Its lease ran out, and another worker took over what it was at."


@dataclass(frozen=True, slots=True)
class RowJournal:
    """The flow's `Journal`."""

    host_run: HostRun

    def open(
        self, container: ContainerSummary, snapshot: Mapping[str, Any], **facts: str
    ) -> "RowPage":
        row = Replacement.objects.create(
            host_run=self.host_run,
            name=container.name,
            old_id=container.id,
            step=Step.SNAPSHOT,
            is_done=True,
            facts=facts,
            snapshot=dict(snapshot),
            **readable(snapshot),
        )
        return RowPage(row)

    def commit(self, pages: Sequence[Page]) -> None:
        with transaction.atomic():
            for page in pages:
                page.before(Step.RELEASE)


@dataclass(frozen=True, slots=True)
class RowPage:
    """The flow's `Page`: each call is a committed row before the next effect."""

    row: Replacement

    def plan(self, body: Mapping[str, Any], image_id: str) -> None:
        self._save(body=dict(body), new_image_id=image_id)

    def before(self, step: Step, **facts: str) -> None:
        self._write(step, facts, is_done=False)

    def after(self, step: Step, **facts: str) -> None:
        self._write(step, facts, is_done=True)

    def fail(self, why: str, log: str) -> None:
        """As `before` the way back, with what its result has to say."""
        self.row.facts = self.row.facts | {"reason": why}
        self._save(step=Step.ROLL_BACK, is_done=False, facts=self.row.facts, failure=why, log=log)

    def close(self, outcome: str) -> None:
        """End the row; "" leaves it open: something is left to put right."""
        self.row.outcome = outcome
        self.row.closed_at = timezone.now() if outcome else None
        self._save(outcome=outcome, closed_at=self.row.closed_at)

    def _write(self, step: Step, facts: Mapping[str, str], *, is_done: bool) -> None:
        self.row.facts = self.row.facts | dict(facts)
        self.row.new_id = facts.get("new_id", self.row.new_id)
        self._save(step=step, is_done=is_done, facts=self.row.facts, new_id=self.row.new_id)

    def _save(self, **values: Any) -> None:
        """Raises Interrupted if the row is somebody else's by now."""
        mine = Replacement.objects.filter(pk=self.row.pk).exclude(facts__has_key=TAKEN_BY)
        if not mine.update(changed_at=timezone.now(), **values):
            # The last effect may have come after the other one was done: it has to look again.
            Replacement.objects.filter(pk=self.row.pk).update(closed_at=None, outcome="")
            raise Interrupted(TAKEN_OVER)


def readable(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """What of an inspect document a person may look for in the journal; no secrets are in it."""
    host = snapshot.get("HostConfig") or {}
    networks = (snapshot.get("NetworkSettings") or {}).get("Networks") or {}
    mounts = snapshot.get("Mounts") or []
    return {
        "old_image_id": str(snapshot.get("Image") or ""),
        "restart_policy": str((host.get("RestartPolicy") or {}).get("Name") or "no"),
        "volumes": {one["Destination"]: one["Name"] for one in mounts if _is_anonymous(one)},
        "networks": {name: _endpoint(one or {}) for name, one in networks.items()},
    }


def _is_anonymous(mount: Mapping[str, Any]) -> bool:
    return mount.get("Type") == "volume" and is_anonymous(str(mount.get("Name") or ""))


def _endpoint(settings: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("IPAddress", "GlobalIPv6Address", "MacAddress", "Aliases", "IPAMConfig")
    return {key: settings[key] for key in wanted if settings.get(key)}
