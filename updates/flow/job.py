"""What to make of which container, and how that ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from updates.engine.container import ContainerSummary
from updates.flow.policy import Effective
from updates.flow.session import State
from updates.flow.settings import Settings
from updates.flow.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Order:
    """One container to recreate.

    `image` is a reference, "" for the image it has. `new_ids` maps the ids of containers that
    came back before this one to the ids they have now. `digest` and `version`: of the image, as far
    as they are known. `parents` are the ids of those it shares
    something with; it is not started if one of them is `resting`. `ran`: it counts as running, for
    it ends when the container whose processes it shares is stopped.
    """

    container: ContainerSummary
    effective: Effective
    new_ids: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    image_id: str = ""
    digest: str = ""
    version: str = ""
    parents: frozenset[str] = frozenset()
    resting: Collection[str] = ()
    ran: bool = False

    @property
    def settings(self) -> Settings:
        return self.effective.settings

    @property
    def is_update(self) -> bool:
        """True if it gets another image; False if it is only restarted."""
        return bool(self.image)

    @property
    def removes_volumes(self) -> bool:
        """True if its anonymous volumes begin anew; never for a mere restart."""
        return self.is_update and self.settings.remove_volumes

    def starts(self, old: Snapshot) -> bool:
        """Whether the new container is started: if the old one ran, or is to be revived."""
        revives = self.is_update and self.settings.revive_stopped
        is_wanted = old.was_running or revives
        is_alone = not self.parents & set(self.resting)
        return is_wanted and is_alone and not self.settings.no_restart

    def stop_timeout(self, old: Snapshot) -> int:
        """Seconds to stop in: as set for this very container, as it says itself, else for all."""
        is_own = self.effective.is_own("stop_timeout") or old.stop_timeout is None
        return self.settings.stop_timeout if is_own else int(old.stop_timeout or 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: updated, rolled_back, failed (never stopped) or skipped (untouched).

    `blames_image`: the new image failed, and not the engine or somebody else. `log`: what its
    container wrote last. `is_left`: not in full; what is left is for a later try.
    """

    state: State
    reason: str = ""
    new_id: str = ""
    blames_image: bool = False
    log: str = ""
    is_left: bool = False
