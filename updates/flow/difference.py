"""What another image changes for a container: the two images' configurations, side by side.

Only what a container takes over from its image: what was set for the container itself stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from updates.registry.contents import ImageContents

_ONE_LINE = {
    "Entrypoint": "Entrypoint",
    "Cmd": "Command",
    "User": "User",
    "WorkingDir": "Working directory",
    "StopSignal": "Stop signal",
    "Shell": "Shell",
}
_SETS = {"ExposedPorts": "Port", "Volumes": "Volume"}
_HEALTH = {
    "Test": "Health check",
    "Interval": "Health check: every",
    "Timeout": "Health check: timeout",
    "StartPeriod": "Health check: start period",
    "StartInterval": "Health check: every, while starting",
    "Retries": "Health check: retries",
}
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """`before` None: it is new; `after` None: it is gone."""

    what: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """`changes` of what a container runs with, and of labels, which change nothing by themselves.

    Sizes in bytes: of the new image's layers that the old one lacks, and of all of its layers.
    """

    changes: tuple[Change, ...]
    labels: tuple[Change, ...]
    new_bytes: int
    new_layers: int


def difference(old: ImageContents, new: ImageContents) -> Difference:
    """What is other in the new image."""
    lacking = {digest: size for digest, size in new.layers.items() if digest not in old.layers}
    before, after = old.config, new.config
    labels = _between("", _texts(before.get("Labels")), _texts(after.get("Labels")))
    return Difference(
        tuple(_changes(before, after)), tuple(labels), sum(lacking.values()), len(lacking)
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield from _between("", _lines(before), _lines(after))
    yield from _between("Variable ", _variables(before), _variables(after))
    for name, word in _SETS.items():
        old, new = _texts(before.get(name)), _texts(after.get(name))
        yield from (Change(f"{word} {one}", one, None) for one in sorted(old.keys() - new.keys()))
        yield from (Change(f"{word} {one}", None, one) for one in sorted(new.keys() - old.keys()))


def _between(prefix: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Change(f"{prefix}{name}", old.get(name), new.get(name))


def _lines(config: Mapping[str, Any]) -> dict[str, str]:
    found = {word: _line(config[name]) for name, word in _ONE_LINE.items() if config.get(name)}
    health = config.get("Healthcheck")
    known = health if isinstance(health, dict) else {}
    return found | {
        word: _health(name, known[name]) for name, word in _HEALTH.items() if known.get(name)
    }


def _variables(config: Mapping[str, Any]) -> dict[str, str]:
    listed = config.get("Env")
    entries = (str(one).partition("=") for one in listed) if isinstance(listed, list) else ()
    return {name: value for name, _, value in entries}


def _texts(found: object) -> dict[str, str]:
    return {str(key): str(one) for key, one in found.items()} if isinstance(found, dict) else {}


def _line(value: Any) -> str:
    """A list of words as a person would type them; those with a space in quotes."""
    if not isinstance(value, list):
        return str(value)
    return " ".join(repr(str(one)) if " " in str(one) else str(one) for one in value)


def _health(name: str, value: Any) -> str:
    if name in ("Test", "Retries") or not isinstance(value, int):
        return _line(value)
    return f"{value / _NANOSECONDS:g} s"
