"""What has to be known of a container to tell what is in its way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from updates.engine.container import ContainerSummary
from updates.flow.blockers import origins
from updates.flow.holds import Hold
from updates.flow.policy import Effective
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus
from updates.flow.setting import Level
from updates.flow.settings import Settings
from updates.language import gettext as _


@dataclass(frozen=True, slots=True)
class HostFacts:
    """`error`: why it did not answer last, "" if it did. `busy_with`: "Update #7", "" if idle."""

    name: str
    is_enabled: bool = True
    error: str = ""
    busy_with: str = ""


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """`error_kind`: the name of the class of its last error about this image, "" for none."""

    domain: str
    paused_until: datetime | None = None
    pause_reason: str = ""
    error_kind: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A schedule that is for this container. `opens_at`: when its window opens next, None while
    it is open or where there is none."""

    name: str
    is_update: bool
    next_at: datetime | None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """One container as the record knows it, `now`.

    `status` and `reason` are of its last check, "" and False if there was none. `held_until`: the
    end of its cooldown. `are_paused`: all schedules. `registry` None: it comes from none.
    """

    container: ContainerSummary
    host: HostFacts
    rules: Rules
    now: datetime
    status: CheckStatus = CheckStatus.UNKNOWN
    reason: str = ""
    is_checked: bool = True
    remote_digest: str = ""
    held_until: datetime | None = None
    registry: RegistryFacts | None = None
    holds: Sequence[Hold] = ()
    schedules: Sequence[Timed] = ()
    are_paused: bool = False
    own_ids: Collection[str] = ()

    @property
    def has_update(self) -> bool:
        return self.status is CheckStatus.UPDATE_AVAILABLE

    @property
    def effective(self) -> Effective:
        return self.rules.effective(self.container)

    @property
    def settings(self) -> Settings:
        return self.effective.settings

    def by(self, setting: str) -> str:
        """Where a setting's value comes from, in words: "by the settings of nas"."""
        return origins.by(self.effective.origins[setting], setting, self.host.name)

    def within(self, setting: str) -> str:
        """Where it is changed, in words: "in the settings of nas"."""
        return origins.within(self.effective.origins[setting], setting, self.host.name)

    def undo(self, setting: str) -> str:
        """How a person takes back the yes of a setting, as a sentence."""
        if self.effective.origins[setting] is Level.LABEL:
            return _("Recreate the container without the label.")
        told = _("Set “%(setting)s” to no %(in_settings)s.")
        return told % {
            "setting": setting.replace("_", " "),
            "in_settings": self.within(setting),
        }
