"""Where a person goes to lift what is in a container's way."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse

from updates.flow.blockers import Blocker, BlockerKind
from updates.models import Container
from updates.runs.standing import Standing

_WORDS: Mapping[BlockerKind, str] = {
    BlockerKind.HOST_OFF: "host not enabled",
    BlockerKind.HOST_AWAY: "host away",
    BlockerKind.BUSY: "busy",
    BlockerKind.EXCLUDED: "left out",
    BlockerKind.SCOPE: "other scope",
    BlockerKind.OWN: "Watchweb itself",
    BlockerKind.PINNED: "pinned",
    BlockerKind.LOCAL: "local image",
    BlockerKind.NO_PULL: "no pull",
    BlockerKind.NOT_CHECKED: "not checked yet",
    BlockerKind.RATE_LIMIT: "rate limit",
    BlockerKind.CREDENTIALS: "credentials",
    BlockerKind.TRUST: "trust",
    BlockerKind.MISSING: "no such image",
    BlockerKind.CHECK_FAILED: "check failed",
    BlockerKind.PLATFORM: "platform",
    BlockerKind.MONITOR_ONLY: "monitor only",
    BlockerKind.STATE: "not running",
    BlockerKind.HELD: "held",
    BlockerKind.BLOCKED: "blocked image",
    BlockerKind.COOLDOWN: "cooldown",
    BlockerKind.PAUSED: "schedules paused",
    BlockerKind.WINDOW: "window closed",
    BlockerKind.NO_SCHEDULE: "no schedule",
    BlockerKind.OTHER: "left as it is",
}
_BAD = frozenset(
    {
        BlockerKind.HOST_AWAY,
        BlockerKind.CREDENTIALS,
        BlockerKind.TRUST,
        BlockerKind.MISSING,
        BlockerKind.CHECK_FAILED,
        BlockerKind.BLOCKED,
    }
)
_OF_HOST = frozenset({BlockerKind.HOST_OFF, BlockerKind.HOST_AWAY, BlockerKind.OWN})
_OF_SETTINGS = frozenset(
    {BlockerKind.EXCLUDED, BlockerKind.SCOPE, BlockerKind.NO_PULL, BlockerKind.MONITOR_ONLY}
)
_OF_REGISTRY = frozenset(
    {
        BlockerKind.RATE_LIMIT,
        BlockerKind.CREDENTIALS,
        BlockerKind.TRUST,
        BlockerKind.MISSING,
        BlockerKind.CHECK_FAILED,
    }
)
_OF_SCHEDULES = frozenset({BlockerKind.PAUSED, BlockerKind.WINDOW, BlockerKind.NO_SCHEDULE})


@dataclass(frozen=True, slots=True)
class Shown:
    """A blocker with its badge, and where it can be lifted; "" where nobody can, or not this
    person."""

    blocker: Blocker
    badge: str
    tone: str
    address: str = ""
    place: str = ""


def with_places(standing: Standing, row: Container, user: User | AnonymousUser) -> list[Shown]:
    found = []
    for one in standing.blockers:
        address, place = _place(one.kind, standing, row, user)
        tone = "bad" if one.kind in _BAD else "busy"
        found.append(Shown(one, _WORDS[one.kind], tone, address, place))
    return found


def _place(
    kind: BlockerKind, standing: Standing, row: Container, user: User | AnonymousUser
) -> tuple[str, str]:
    """(address, its name), ("", "") for none that this person may see."""
    if kind in _OF_HOST:
        return row.host.get_absolute_url(), f"Host {row.host}"
    if kind in _OF_SETTINGS and user.has_perm("updates.view_policy"):
        return row.get_settings_url(), "Settings"
    registry = standing.registry
    if kind in _OF_REGISTRY and registry and user.has_perm("updates.view_registry"):
        return registry.get_absolute_url(), f"Registry {registry}"
    if kind in _OF_SCHEDULES and user.has_perm("updates.view_schedule"):
        return reverse("schedules"), "Schedules"
    if kind is BlockerKind.BUSY and standing.busy_with:
        return standing.busy_with.get_absolute_url(), str(standing.busy_with)
    return "", ""
