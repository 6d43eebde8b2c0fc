"""Where a person goes to lift what is in a container's way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from updates.flow.blockers import Blocker, BlockerKind
from updates.models import Container, Hold
from updates.runs.standing import Standing

_WORDS: Mapping[BlockerKind, str] = {
    BlockerKind.HOST_OFF: gettext_noop("host not enabled"),
    BlockerKind.HOST_AWAY: gettext_noop("host unreachable"),
    BlockerKind.BUSY: gettext_noop("busy"),
    BlockerKind.EXCLUDED: gettext_noop("left out"),
    BlockerKind.SCOPE: gettext_noop("other scope"),
    BlockerKind.OWN: gettext_noop("Watchweb itself"),
    BlockerKind.PINNED: gettext_noop("pinned"),
    BlockerKind.LOCAL: gettext_noop("local image"),
    BlockerKind.NO_PULL: gettext_noop("no pull"),
    BlockerKind.NOT_CHECKED: gettext_noop("not checked yet"),
    BlockerKind.RATE_LIMIT: gettext_noop("rate limit"),
    BlockerKind.CREDENTIALS: gettext_noop("credentials"),
    BlockerKind.TRUST: gettext_noop("trust"),
    BlockerKind.MISSING: gettext_noop("no such image"),
    BlockerKind.CHECK_FAILED: gettext_noop("check failed"),
    BlockerKind.PLATFORM: gettext_noop("platform"),
    BlockerKind.MONITOR_ONLY: gettext_noop("monitor only"),
    BlockerKind.STATE: gettext_noop("not running"),
    BlockerKind.HELD: gettext_noop("held"),
    BlockerKind.BLOCKED: gettext_noop("blocked image"),
    BlockerKind.COOLDOWN: gettext_noop("cooldown"),
    BlockerKind.PAUSED: gettext_noop("schedules paused"),
    BlockerKind.WINDOW: gettext_noop("window closed"),
    BlockerKind.NO_SCHEDULE: gettext_noop("no schedule"),
    BlockerKind.OTHER: gettext_noop("left as it is"),
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
    person. `hold`: the row that it is, where that was asked for."""

    blocker: Blocker
    badge: str
    tone: str
    address: str = ""
    place: str = ""
    hold: Hold | None = None


def with_places(
    standing: Standing, row: Container, user: User | AnonymousUser, holds: Iterable[Hold] = ()
) -> list[Shown]:
    """`holds`: those of the container that may be lifted right there."""
    of_all = {hold.digest: hold for hold in holds}
    told = {
        BlockerKind.HELD: of_all.get(""),
        BlockerKind.BLOCKED: of_all.get(row.remote_digest) if row.remote_digest else None,
    }
    found = []
    for one in standing.blockers:
        address, place = _place(one.kind, standing, row, user)
        tone = "bad" if one.kind in _BAD else "busy"
        badge = capfirst(_(_WORDS[one.kind]))
        found.append(Shown(one, badge, tone, address, place, told.get(one.kind)))
    return found


def _place(
    kind: BlockerKind, standing: Standing, row: Container, user: User | AnonymousUser
) -> tuple[str, str]:
    """(address, its name), ("", "") for none that this person may see."""
    if kind in _OF_HOST:
        return row.host.get_absolute_url(), _("Host %(name)s") % {"name": row.host}
    if kind in _OF_SETTINGS and user.has_perm("updates.view_policy"):
        return row.get_settings_url(), _("Settings")
    registry = standing.registry
    if kind in _OF_REGISTRY and registry and user.has_perm("updates.view_registry"):
        return registry.get_absolute_url(), _("Registry %(name)s") % {"name": registry}
    if kind in _OF_SCHEDULES and user.has_perm("updates.view_schedule"):
        return reverse("schedules"), _("Schedules")
    if kind is BlockerKind.BUSY and standing.busy_with:
        return standing.busy_with.get_absolute_url(), str(standing.busy_with)
    return "", ""
