"""Old images that nothing needs any more: no container of the host, and no roll-back.

An image that an update replaced is kept for the container's rollback-window, and as long as it is
among its last ones, as many as rollback-versions says; and for ever where clean-up is off.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.flow.ports import EnginePort, Recorder, Replaced
from updates.flow.pull import KEEP_REPOSITORY, kept_tag
from updates.flow.rules import Rules
from updates.flow.settings import Settings

_MEBIBYTE = 1 << 20
# What a note of this begins with; the image's tag (`kept_tag`) and a full stop follow.
REMOVED = "Removed the old image "


@dataclass(frozen=True, slots=True)
class CleanUp:
    """The end of a run on one host."""

    engine: EnginePort
    recorder: Recorder
    rules: Rules

    def run(self, replaced: Collection[Replaced], present: Collection[str], now: datetime) -> None:
        """Remove what is not needed of these, and tell what was won. `present`: image ids."""
        if not {one.image_id for one in replaced} & set(present):
            return
        containers = self.engine.containers()
        needed = {container.image_id for container in containers}
        found = removable(replaced, containers, self.rules, now) & set(present) - needed
        if not found:
            return
        before = self._size()
        removed = [image_id for image_id in sorted(found) if self._is_removed(image_id)]
        after = self._size() if removed else before
        if before is not None and after is not None and removed:
            won = max(0, before - after)
            self.recorder.freed(won)
            self.recorder.note(f"Clean-up won {won / _MEBIBYTE:.1f} MiB.")

    def _size(self) -> int | None:
        """None where the engine cannot tell, or takes too long over it."""
        try:
            return self.engine.layers_size()
        except EngineError:
            return None

    def _is_removed(self, image_id: str) -> bool:
        try:
            _remove(self.engine, image_id)
        except EngineError as error:
            note = f"The old image {kept_tag(image_id)} could not be removed: {error}"
            self.recorder.note(note)
            return False
        self.recorder.note(f"{REMOVED}{kept_tag(image_id)}.")
        return True


def removable(
    replaced: Collection[Replaced],
    containers: Collection[ContainerSummary],
    rules: Rules,
    now: datetime,
) -> set[str]:
    """The images that every container that had them has done with."""
    by_name = {container.name: container for container in containers}
    kept: set[str] = set()
    for name in {one.name for one in replaced}:
        container = by_name.get(name)
        known = rules.effective(container) if container else rules.policies.for_container(name, {})
        present = container.image_id if container else ""
        mine = [one for one in replaced if one.name == name and one.image_id != present]
        kept |= _kept(mine, known.settings, now)
    return {one.image_id for one in replaced} - kept


def _kept(mine: Sequence[Replaced], settings: Settings, now: datetime) -> set[str]:
    """Those of one container's earlier images that it may still go back to."""
    if not settings.cleanup:
        return {one.image_id for one in mine}
    newest_first = sorted(mine, key=lambda one: one.at, reverse=True)
    last = list(dict.fromkeys(one.image_id for one in newest_first))[: settings.rollback_versions]
    window = timedelta(seconds=settings.rollback_window)
    return {*last, *(one.image_id for one in mine if now < one.at + window)}


def _remove(engine: EnginePort, image_id: str) -> None:
    # An engine removes no image by its id while names in several repositories point to it.
    with suppress(NoSuchObject):
        engine.remove_image(f"{KEEP_REPOSITORY}:{kept_tag(image_id)}")
    with suppress(NoSuchObject):
        engine.remove_image(image_id)
