"""The words of a run: its kinds and states, its parameters, what became of a container.

Source: Watchtower's session report (scanned, fresh, stale, updated, restarted, failed, skipped).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a run is for."""

    SCAN = "scan"
    UPDATE = "update"


class State(StrEnum):
    """What became of one container in a run."""

    FRESH = "fresh"
    STALE = "stale"
    UPDATED = "updated"
    RESTARTED = "restarted"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    SKIPPED = "skipped"


class CheckStatus(StrEnum):
    """How a container's image stands to its registry."""

    UP_TO_DATE = "up_to_date"
    UPDATE_AVAILABLE = "update_available"
    UNKNOWN = "unknown"
    LOCAL = "local"
    PINNED = "pinned"
    EXCLUDED = "excluded"


class Step(StrEnum):
    """Where a container is in its update; the words of design and journal."""

    CHECK = "check"
    PULL = "pull"
    PULLED = "pulled"
    SNAPSHOT = "snapshot"
    CREATE = "create"
    HOLD = "hold"
    SWAP = "swap"
    START = "start"
    GATE = "gate"
    RELEASE = "release"
    ROLL_BACK = "roll_back"
    DONE = "done"


class Interrupted(Exception):
    """The run may not go on: another worker holds its lease, or it was told to stop."""


NOBODY = ("",)  # No container is named so.


@dataclass(frozen=True, slots=True)
class Params:
    """How a run is to be done. Watchtower's switches by their own names; durations in seconds.

    `max_age_s`: how old a registry's answer may be when the run begins; 0 asks anew.
    """

    kind: Kind = Kind.SCAN
    names: tuple[str, ...] = ()
    label_enable: bool = False
    include_stopped: bool = False
    monitor_only: bool = False
    no_pull: bool = False
    cleanup: bool = False
    stop_timeout: int = 10
    gate_seconds: int = 5
    max_age_s: int = 0

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys are left out, missing ones are default."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        known["kind"] = Kind(known.get("kind", Kind.SCAN))
        known["names"] = tuple(known.get("names", ()))
        return cls(**known)

    def on_host(self, host: str) -> Self:
        """As they are for one host: "nas/web" names web on the host nas, and nothing elsewhere."""
        if not self.names:
            return self
        parts = (name.lstrip("/").rpartition("/") for name in self.names)
        mine = tuple(own for place, _, own in parts if place in ("", host))
        return replace(self, names=mine or NOBODY)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one container, and why. Digests are "sha256:…" or ""."""

    container_id: str
    name: str
    image: str
    state: State
    reason: str = ""
    new_id: str = ""
    old_image_id: str = ""
    new_image_id: str = ""
    old_digest: str = ""
    new_digest: str = ""
    seconds: float = 0.0


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
