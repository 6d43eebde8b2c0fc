"""What will be done on a host, in which order, and why; and why the rest is left alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from updates.engine.container import ContainerSummary
from updates.flow import cooldown, order
from updates.flow.check import Verdict
from updates.flow.groups import groups
from updates.flow.half_way import is_half_way
from updates.flow.rules import Rules
from updates.flow.settings import Settings
from updates.flow.ties import Ties
from updates.language import gettext as _
from updates.language import gettext_noop

KEEPS_RESTARTING = gettext_noop(
    "An update is available; the container keeps restarting, and is left as it is."
)
RESTARTS_WITH = gettext_noop("Compose restarts it with a container that is recreated.")
HOLDS_OWN = gettext_noop(
    "An update is available; Watchweb itself shares its network, processes or volumes."
)
WOULD_LOSE = gettext_noop(
    "An update is available; a container that shares its processes would end with it, and remove "
    "itself (--rm)."
)


class ActionKind(StrEnum):
    """Recreate on a new image, or only because a parent is recreated."""

    UPDATE = "update"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Action:
    """One container to recreate. `parents`: ids of those that it shares something with, which
    `shares` tells in a sentence; `leaders`: of those that compose restarts it with. Those with the
    same `group` number depend on each other, those with the same `unit` share something.
    `waits_for`: ids of those in the plan that it comes after, for whatever reason.
    """

    container: ContainerSummary
    kind: ActionKind
    reason: str
    parents: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()
    shares: str = ""
    group: int = 0
    unit: int = 0
    waits_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in their order; `left` and `skipped` map a container id to its sentence,
    `cooling` to the end of its cooldown."""

    actions: tuple[Action, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    cooling: Mapping[str, datetime] = field(default_factory=dict)


def make_plan(
    containers: Sequence[ContainerSummary],
    verdicts: Mapping[str, Verdict],
    rules: Rules,
    own_ids: Collection[str] = (),
    ties: Mapping[str, Ties] | None = None,
    cooling: Mapping[str, datetime] | None = None,
    held: Mapping[str, str] | None = None,
    asked: Collection[str] = (),
) -> Plan:
    """The plan for those whose verdict is stale; the same in whichever order they are listed.

    `containers` are all of the host's; `ties` by container id, as far as they are known.
    `cooling`: ids of those whose new image is too young, and until when. `held`: ids of those that
    stay on the image they have, and why. `asked`: ids of those that a person wants to be recreated
    whatever is set.
    """
    whole = (one for one in containers if not is_half_way(one.name, one.id))
    containers = sorted(whole, key=lambda one: one.name)
    by_id = {container.id: container for container in containers}
    known = order.graph(containers, ties, uses_compose=rules.host.use_compose_depends_on)
    stale = [one for one in by_id if one in verdicts and verdicts[one].is_stale]
    plain = [one for one in stale if one not in asked]
    left = {one: why for one in plain if (why := why_left(by_id[one], rules.of(by_id[one])))}
    left = {**(held or {}), **left}
    fragile = {one for one, tie in (ties or {}).items() if tie.vanishes_with_parent}
    left |= {one: why for one in stale if (why := _why_held(one, known, own_ids, fragile))}
    young = {one: until for one, until in (cooling or {}).items() if one not in left}
    left |= {one: cooldown.sentence(until) for one, until in young.items()}
    chosen = [one for one in stale if one not in left]
    implied = _implied(chosen, by_id, known, own_ids)
    ordered, cycle = order.arrange([*chosen, *implied], known)
    names = ", ".join(sorted(by_id[one].name for one in cycle))
    numbers = groups(ordered, known.parents)
    bound = groups(ordered, known.hard.__getitem__)
    actions = (_action(by_id[one], one in chosen, verdicts, known, set(ordered)) for one in ordered)
    return Plan(
        tuple(
            replace(
                one,
                group=numbers[one.container.id],
                unit=bound[one.container.id],
                waits_for=(known.parents(one.container.id) | one.leaders) & set(ordered),
            )
            for one in actions
        ),
        left,
        dict.fromkeys(cycle, _in_circle(names)),
        young,
    )


def _in_circle(names: str) -> str:
    return _("These containers depend on each other in a circle: %(names)s.") % {"names": names}


def why_left(container: ContainerSummary, settings: Settings) -> str:
    """Why a stale container is not replaced now; "" when it is."""
    if settings.monitor_only:
        return _("An update is available; it is set to monitor only.")
    if container.state == "paused":
        return _("An update is available; the container is paused.")
    if container.state == "restarting":
        return "" if settings.include_restarting else _(KEEPS_RESTARTING)
    if container.state != "running" and not settings.include_stopped:
        return _("An update is available; the container is not running, and is left as it is.")
    return ""


def _why_held(
    one: str, known: order.Graph, own_ids: Collection[str], fragile: Collection[str]
) -> str:
    """Why its recreation would cost another container too much; "" when it does not."""
    if set(order.dependants([one], known)) & set(own_ids):
        return _(HOLDS_OWN)
    if fragile and set(order.followers([one], known)) & set(fragile):
        return _(WOULD_LOSE)
    return ""


def _implied(
    chosen: Collection[str],
    by_id: Mapping[str, ContainerSummary],
    known: order.Graph,
    own_ids: Collection[str],
) -> list[str]:
    """Those to recreate because of the chosen: cut off from what they share, or led by compose.

    Compose leads those that run, and neither Watchweb itself nor what would cut it off.
    """
    led = {
        one: leaders
        for one, leaders in known.restarting.items()
        if by_id[one].state == "running"
        and not {one, *order.dependants([one], known)} & set(own_ids)
    }
    followers = order.followers(chosen, replace(known, restarting=led))
    return [one for one in followers if by_id[one].state != "paused"]


def _action(
    container: ContainerSummary,
    is_chosen: bool,
    verdicts: Mapping[str, Verdict],
    known: order.Graph,
    planned: Collection[str],
) -> Action:
    parents, leaders = known.hard[container.id], known.restarting[container.id]
    shares = known.shares(container.id, planned)
    if is_chosen:
        reason = verdicts[container.id].reason
        return Action(container, ActionKind.UPDATE, reason, parents, leaders, shares)
    return Action(
        container, ActionKind.RESTART, shares or _(RESTARTS_WITH), parents, leaders, shares
    )
