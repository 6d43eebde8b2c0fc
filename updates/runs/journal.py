"""The journal of a replacement, in rows."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from updates.engine.container import ContainerSummary
from updates.flow.session import Step
from updates.models import HostRun, Replacement


class RowJournal:
    """The flow's `Journal`: each call is a committed row before the next effect."""

    def __init__(self, host_run: HostRun) -> None:
        self.host_run = host_run
        self.row: Replacement | None = None

    def open(self, container: ContainerSummary, snapshot: Mapping[str, Any]) -> None:
        self.row = Replacement.objects.create(
            host_run=self.host_run,
            name=container.name,
            old_id=container.id,
            step=Step.SNAPSHOT,
            is_done=True,
            snapshot=dict(snapshot),
        )

    def before(self, step: Step, **facts: str) -> None:
        self._write(step, facts, is_done=False)

    def after(self, step: Step, **facts: str) -> None:
        self._write(step, facts, is_done=True)

    def close(self, outcome: str) -> None:
        """End the row; "" leaves it open: something is left to put right."""
        row = self._open_row()
        row.outcome = outcome
        row.closed_at = timezone.now() if outcome else None
        row.save(update_fields=["outcome", "closed_at", "changed_at"])

    def _write(self, step: Step, facts: Mapping[str, str], *, is_done: bool) -> None:
        row = self._open_row()
        row.step, row.is_done = step, is_done
        row.facts = row.facts | dict(facts)
        row.new_id = facts.get("new_id", row.new_id)
        row.save(update_fields=["step", "is_done", "facts", "new_id", "changed_at"])

    def _open_row(self) -> Replacement:
        if self.row is None:
            raise RuntimeError("A journal is opened before it is written to.")
        return self.row
