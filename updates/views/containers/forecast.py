"""What an act on many containers will do: to which, to whom besides them, and who is left out.

An update is forecast as a run plans it, by the same code, from what the last checks found.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from updates.flow.check import Verdict
from updates.flow.filters import why_excluded, why_left_out
from updates.flow.holds import Hold, why_held
from updates.flow.plan import ActionKind, Plan, make_plan
from updates.flow.policy import Policies
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus, Kind, Params
from updates.flow.ties import Ties
from updates.forms.container_act import Act
from updates.models import Container
from updates.runs import holds
from updates.runs.fleet_policies import PoliciesByHost
from updates.runs.own import own_container_ids
from updates.runs.standing import summary_of

_NO_UPDATE = gettext_noop("No update is available, by the last check.")
_NOT_ENABLED = gettext_noop("Its host is not enabled, so no run goes there.")


@dataclass(frozen=True, slots=True)
class Fate:
    """One container and a sentence on it; "" where nothing is to be said."""

    row: Container
    why: str = ""


@dataclass(slots=True)
class Forecast:
    """`done`: to whom it happens. `along`: who restarts with them. `left`: who is left out."""

    done: list[Fate] = field(default_factory=list)
    along: list[Fate] = field(default_factory=list)
    left: list[Fate] = field(default_factory=list)


def forecast(act: Act, rows: Sequence[Container]) -> Forecast:
    """`rows` come with their hosts and holds, in the order of their hosts."""
    if act is Act.UPDATE:
        return _of_update(rows)
    found = Forecast()
    for row in rows:
        why = _why_not(act, row)
        (found.left if why else found.done).append(Fate(row, why))
    return found


def _why_not(act: Act, row: Container) -> str:
    is_held, is_blocked = row.is_held, row.is_blocked  # type: ignore[attr-defined]
    if act is Act.SCAN:
        return "" if row.host.enabled else _(_NOT_ENABLED)
    if act is Act.HOLD:
        return _("It is held already.") if is_held else ""
    if act is Act.RELEASE:
        return "" if is_held or is_blocked else _("Nothing holds it.")
    if not row.has_update or not row.remote_digest:
        return _(_NO_UPDATE)
    return _("This version is skipped already.") if is_blocked else ""


def _of_update(rows: Sequence[Container]) -> Forecast:
    found = Forecast()
    hosts = {row.host_id for row in rows}
    policies, held = PoliciesByHost.read(), holds.by_container(hosts)
    around = Container.objects.filter(host__in=hosts).select_related("host").order_by("host__name")
    wanted = {row.pk for row in rows}
    for host_id, group in groupby(around, key=lambda row: row.host_id):
        one = _Host(list(group), policies.hosts.get(host_id, policies.wide), held, wanted)
        one.tell(found)
    return found


@dataclass(slots=True)
class _Host:
    """One host's part. `rows` are all of its containers, `wanted` the keys of the chosen ones."""

    rows: Sequence[Container]
    policies: Policies
    held: dict[tuple[int, str], list[Hold]]
    wanted: set[int]

    def tell(self, found: Forecast) -> None:
        chosen = [row for row in self.rows if row.pk in self.wanted]
        params = Params(kind=Kind.UPDATE, are_exact=True)
        rules = Rules.of_run(params, self.policies, chosen[0].host.name)
        out = {row.pk: why for row in chosen if (why := _why_out(row, rules))}
        taking_part = [row for row in chosen if row.pk not in out]
        plan = self._plan(taking_part, rules)
        found.left += [Fate(row, out[row.pk]) for row in chosen if row.pk in out]
        reasons = {**plan.left, **plan.skipped}
        found.left += [
            Fate(row, reasons[row.container_id])
            for row in taking_part
            if row.container_id in reasons
        ]
        self._tell_actions(plan, found)

    def _plan(self, chosen: Iterable[Container], rules: Rules) -> Plan:
        stale = list(chosen)
        return make_plan(
            [summary_of(row) for row in self.rows],
            {row.container_id: _verdict(row) for row in stale},
            rules,
            own_container_ids(),
            {one.container_id: Ties.from_json(one.ties) for one in self.rows if one.ties},
            {
                row.container_id: row.held_until
                for row in stale
                if row.held_until and row.held_until > timezone.now()
            },
            dict(self._held(stale)),
        )

    def _held(self, rows: Iterable[Container]) -> Iterator[tuple[str, str]]:
        for row in rows:
            own = self.held.get((row.host_id, row.name), ())
            if why := why_held(own, row.remote_digest, ""):
                yield row.container_id, why

    def _tell_actions(self, plan: Plan, found: Forecast) -> None:
        rows = {row.container_id: row for row in self.rows}
        for action in plan.actions:
            fate = Fate(rows[action.container.id], action.reason)
            is_update = action.kind is ActionKind.UPDATE
            (found.done if is_update else found.along).append(fate)


def _why_out(row: Container, rules: Rules) -> str:
    """Why a run that is for this container does nothing to it, but for what a plan says."""
    if not row.host.enabled:
        return _(_NOT_ENABLED)
    one = summary_of(row)
    if why := why_excluded(one, rules, own_container_ids()) or why_left_out(one, rules):
        return why
    if row.status == Container.Status.UNKNOWN:
        failed = _("Its last check failed, so that nobody knows: check it first.")
        return f"{failed} {row.status_reason}"
    return "" if row.has_update else row.status_reason or _(_NO_UPDATE)


def _verdict(row: Container) -> Verdict:
    return Verdict(CheckStatus(row.status), None, "", row.local_digest, row.remote_digest)
