"""The words of a run: its kinds and states, its parameters, what became of a container.

Source: Watchtower's session report (scanned, fresh, stale, updated, restarted, failed, skipped).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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

    PRE_CHECK = "pre_check"
    CHECK = "check"
    PULL = "pull"
    PULLED = "pulled"
    SNAPSHOT = "snapshot"
    PRE_UPDATE = "pre_update"
    CREATE = "create"
    HOLD = "hold"
    SWAP = "swap"
    START = "start"
    GATE = "gate"
    POST_UPDATE = "post_update"
    RELEASE = "release"
    ROLL_BACK = "roll_back"
    POST_CHECK = "post_check"
    DONE = "done"


class Interrupted(Exception):
    """The run may not go on: another worker holds its lease, or it was told to stop."""


class Cancelled(Interrupted):
    """A person ended the run. Nothing is half done; what was begun is wound up."""


NOBODY = ("",)  # No container is named so.


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked of a run: its kind, the containers it names (() are all), how.

    Names are patterns with `*` and `?`; with the setting `regex`, regular expressions. Where they
    `are_exact` they are no patterns, whatever that says.
    `patterns` and `images` narrow it further, () do not: the first are regular expressions for
    whole names whatever `regex` says, the others images as monitor-image-names takes them.
    `switches`: values of settings (flow.settings) that count for this run, by their names.
    `max_age_s`: how old a registry's answer may be when the run begins; 0 asks anew.
    `itself`: it is about the container that Watchweb runs in; a helper container carries it out.
    `back_to`: the one container it names goes back to this image, an id or a digest. `is_rebuild`:
    the one it names has vanished, and is made again.
    """

    kind: Kind = Kind.SCAN
    names: tuple[str, ...] = ()
    switches: Mapping[str, Any] = field(default_factory=dict)
    max_age_s: int = 0
    itself: bool = False
    back_to: str = ""
    is_rebuild: bool = False
    patterns: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    are_exact: bool = False

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        switches = {name: _plain(value) for name, value in self.switches.items()}
        found = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        return found | {"switches": switches}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys are left out, missing ones are default."""
        known = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        switches = known.get("switches") or {}
        known["switches"] = {name: _frozen(value) for name, value in switches.items()}
        known["kind"] = Kind(known.get("kind", Kind.SCAN))
        for name in ("names", "patterns", "images"):
            known[name] = tuple(known.get(name) or ())
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one container, and why. Digests are "sha256:…" or "".

    Versions are what the images say of themselves, "" if they do not. `settings`: the values that
    counted and are not default, each as {"value", "from"}. `log`: the last lines of a new container
    that failed, without secrets. `blames_image`: its image is why.
    """

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
    old_version: str = ""
    new_version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    log: str = ""
    blames_image: bool = False


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
