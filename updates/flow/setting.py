"""What is known of one setting: what it is about, its kind of value, where it may be set."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from updates.flow.values import LINE, ValueKind
from updates.language import gettext_noop


class Level(StrEnum):
    """Where a value comes from; a later one is nearer to the container, and wins."""

    DEFAULT = gettext_noop("default")
    ENVIRONMENT = gettext_noop("environment")
    GLOBAL = gettext_noop("global")
    HOST = gettext_noop("host")
    CONTAINER = gettext_noop("container")
    RUN = gettext_noop("run")
    LABEL = gettext_noop("label")


class Group(StrEnum):
    """What a setting is about; the pages' headings, which translate them."""

    SELECTION = gettext_noop("Which containers take part")
    UPDATE = gettext_noop("How they are updated")
    ORDER = gettext_noop("In which order")
    HOOKS = gettext_noop("Commands around an update")
    CLEAN_UP = gettext_noop("What is kept")


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a setting beside its default.

    `label`: the ending of its label, "" where a label cannot set it. `is_either`: without
    label-take-precedence, a yes anywhere is a yes. `watchtower`: the ending of Watchtower's
    environment variable, "" for the setting's own name.
    """

    group: Group
    kind: ValueKind
    text: str
    label: str = ""
    is_for_host: bool = True
    is_for_container: bool = True
    is_either: bool = False
    watchtower: str = ""
    short: str = ""

    def levels(self) -> tuple[Level, ...]:
        """The levels at which people set it, labels and the run itself apart."""
        wide = (Level.GLOBAL, Level.HOST) if self.is_for_host else ()
        return (*wide, Level.CONTAINER) if self.is_for_container else wide


def setting(default: Any, group: Group, kind: ValueKind, text: str, **how: Any) -> Any:
    about = About(group, kind, text, **how)
    return field(default=default, metadata={"about": about})


def selection(default: Any, kind: ValueKind, text: str, **how: Any) -> Any:
    """A setting of a host, which says who takes part there."""
    return setting(default, Group.SELECTION, kind, text, is_for_container=False, **how)


def hook(text: str, label: str) -> Any:
    """A command: of one container, never of all of them."""
    return setting("", Group.HOOKS, LINE, text, label=label, is_for_host=False)
