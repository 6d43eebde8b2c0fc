"""Which value of a setting counts for a container, and where it comes from.

From far to near: default, environment, global, host, container, the run's own switches, label. The
nearest that says something wins. Two settings are Watchtower's either-or (monitor-only, no-pull): a
yes of the label or of anything else is a yes, unless label-take-precedence makes the label win.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from updates.engine.container import ContainerSummary
from updates.flow import labels
from updates.flow.setting import About, Level
from updates.flow.settings import Settings, catalogue, default_of
from updates.flow.values import BadValue
from updates.language import gettext as _

type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts for one container. `complaints`: labels that are not understood."""

    settings: Settings
    origins: Mapping[str, Level]
    complaints: tuple[str, ...] = ()

    def is_own(self, name: str) -> bool:
        """True if the value was set for this very container, not for all of a host."""
        return self.origins[name] in (Level.CONTAINER, Level.LABEL)

    def explained(self, *, with_defaults: bool = True) -> dict[str, dict[str, Any]]:
        """Each setting as {"value", "from"}, for reports and JSON columns."""
        return {
            name: {"value": _plain(getattr(self.settings, name)), "from": str(level)}
            for name, level in self.origins.items()
            if with_defaults or level is not Level.DEFAULT
        }


@dataclass(frozen=True, slots=True)
class Policies:
    """What is set for one host, level by level, and for its containers by name."""

    environment: Values = field(default_factory=dict)
    everywhere: Values = field(default_factory=dict)
    host: Values = field(default_factory=dict)
    containers: Mapping[str, Values] = field(default_factory=dict)
    run: Values = field(default_factory=dict)

    def asked(self, switches: Values) -> "Policies":
        """These, with what a run itself says."""
        return replace(self, run=dict(switches))

    def for_host(self) -> Effective:
        """What counts for the host as a whole."""
        return _effective([*self._wide(), (Level.RUN, self.run)])

    def of(self, container: ContainerSummary) -> Effective:
        return self.for_container(container.name, container.labels)

    def for_container(self, name: str, container_labels: Mapping[str, str]) -> Effective:
        """What counts for the container of this name with these labels."""
        own = self.containers.get(name, {})
        levels = [*self._wide(), (Level.CONTAINER, own), (Level.RUN, self.run)]
        return _labelled(_effective(levels), container_labels)

    def _wide(self) -> list[tuple[Level, Values]]:
        return [
            (Level.ENVIRONMENT, self.environment),
            (Level.GLOBAL, self.everywhere),
            (Level.HOST, self.host),
        ]


def checked(values: Values, level: Level) -> dict[str, Any]:
    """The values as they are kept for a level: each one read, and plain JSON.

    Raises BadValue with a sentence for the first that is unknown, not for this level, or wrong.
    """
    found = {}
    for name, raw in values.items():
        about = catalogue().get(name)
        if about is None or level not in about.levels():
            raise BadValue(f"There is no setting {name!r} for this.")
        found[name] = _plain(_read(name, about, raw))
    return found


def _read(name: str, about: About, raw: Any) -> Any:
    try:
        return about.kind.read(raw)
    except BadValue as error:
        raise BadValue(f"{name} {error}") from error


def _effective(levels: list[tuple[Level, Values]]) -> Effective:
    values = {name: default_of(name) for name in catalogue()}
    origins = dict.fromkeys(values, Level.DEFAULT)
    for level, given in levels:
        for name in given.keys() & values.keys():
            value = given[name]
            values[name] = tuple(value) if isinstance(value, list) else value
            origins[name] = level
    return Effective(Settings(**values), origins)


def _labelled(known: Effective, container_labels: Mapping[str, str]) -> Effective:
    """With what the container's labels say on top."""
    said, complaints = _said(container_labels)
    settings = known.settings
    for name in list(said):
        is_either = catalogue()[name].is_either and not settings.label_take_precedence
        if is_either and getattr(settings, name):
            del said[name]
    origins = dict(known.origins) | dict.fromkeys(said, Level.LABEL)
    return Effective(replace(settings, **said), origins, tuple(complaints))


def _said(container_labels: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """(values of the labels, sentences on those that are not understood)."""
    said, complaints = {}, []
    for name, about in catalogue().items():
        text = labels.text(container_labels, about.label) if about.label else ""
        if not text:
            continue
        try:
            said[name] = about.kind.read(text)
        except BadValue as error:
            told = _("Its label %(label)s is left out of account: it %(complaint)s")
            complaints.append(told % {"label": about.label, "complaint": error})
    return said, complaints


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
