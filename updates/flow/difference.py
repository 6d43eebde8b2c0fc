"""What another image changes for a container: the two images' configurations, side by side.

Only what a container takes over from its image: what was set for the container itself stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from updates.language import gettext as _
from updates.language import gettext_noop
from updates.registry.contents import ImageContents

_ONE_LINE = {
    "Entrypoint": gettext_noop("Entrypoint"),
    "Cmd": gettext_noop("Command"),
    "User": gettext_noop("User"),
    "WorkingDir": gettext_noop("Working directory"),
    "StopSignal": gettext_noop("Stop signal"),
    "Shell": gettext_noop("Shell"),
}
_SETS = {"ExposedPorts": gettext_noop("Port %(name)s"), "Volumes": gettext_noop("Volume %(name)s")}
_HEALTH = {
    "Test": gettext_noop("Health check"),
    "Interval": gettext_noop("Health check: every"),
    "Timeout": gettext_noop("Health check: timeout"),
    "StartPeriod": gettext_noop("Health check: start period"),
    "StartInterval": gettext_noop("Health check: every, while starting"),
    "Retries": gettext_noop("Health check: retries"),
}
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """`before` None: it is new; `after` None: it is gone. "" where its name says it all."""

    what: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """What became of it; the page translates it."""
        if self.before is None:
            return gettext_noop("added")
        return gettext_noop("removed") if self.after is None else gettext_noop("changed")


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
    labels = _between(_texts(before.get("Labels")), _texts(after.get("Labels")))
    return Difference(
        tuple(_changes(before, after)), tuple(labels), sum(lacking.values()), len(lacking)
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    yield from _between(_lines(before), _lines(after))
    for change in _between(_variables(before), _variables(after)):
        yield replace(change, what=_("Variable %(name)s") % {"name": change.what})
    for name, word in _SETS.items():
        old, new = _texts(before.get(name)), _texts(after.get(name))
        for one in sorted(old.keys() - new.keys()):
            yield Change(_(word) % {"name": one}, "", None)
        for one in sorted(new.keys() - old.keys()):
            yield Change(_(word) % {"name": one}, None, "")


def _between(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Change(name, old.get(name), new.get(name))


def _lines(config: Mapping[str, Any]) -> dict[str, str]:
    found = {_(word): _line(config[name]) for name, word in _ONE_LINE.items() if config.get(name)}
    health = config.get("Healthcheck")
    known = health if isinstance(health, dict) else {}
    return found | {
        _(word): _health(name, known[name]) for name, word in _HEALTH.items() if known.get(name)
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
