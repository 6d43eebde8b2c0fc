"""Where a container stands: its rows, put together for the question what is in its way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, Subquery
from django.utils import timezone

from updates.engine.container import ContainerSummary
from updates.flow import holds, names
from updates.flow.blockers import (
    Blocker,
    HostFacts,
    RegistryFacts,
    Situation,
    Timed,
    blockers,
)
from updates.flow.policy import Effective
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus, Kind, Params
from updates.language import gettext as _
from updates.models import (
    Container,
    Hold,
    Host,
    HostRun,
    Registry,
    RemoteDigest,
    Schedule,
    SchedulePause,
    UpdateRun,
)
from updates.registry.errors import InvalidReference
from updates.registry.reference import DOCKER_HUB, Reference
from updates.runs.own import own_container_ids
from updates.runs.policies import policies_of
from updates.timetable.errors import BadTimetable


@dataclass(frozen=True, slots=True)
class Standing:
    """`next_check_at`: the next tick that looks at it, None if no schedule does.

    `registry`: the row of the registry that its image comes from, without what is secret.
    """

    blockers: Sequence[Blocker]
    effective: Effective
    registry: Registry | None
    next_check_at: datetime | None
    busy_with: UpdateRun | None

    @property
    def in_the_way(self) -> list[Blocker]:
        """What a run that a person starts would heed, too."""
        return [one for one in self.blockers if not one.only_delays]

    @property
    def is_startable(self) -> bool:
        """Whether an update that a person starts, and approves if need be, goes on."""
        return all(one.is_approvable for one in self.in_the_way)


def standing_of(row: Container, held: Sequence[Hold]) -> Standing:
    """Four statements. `row` has its host at hand; `held` are its holds, with their users."""
    now = timezone.now()
    registry = _registry(row, reference_of(row))
    schedules = [one for one in _schedules(row) if _is_for(one, row)]
    busy = HostRun.objects.open().filter(host=row.host_id).select_related("run").first()
    at = replace(
        _as_checked(row, now),
        host=_host_facts(row.host, busy),
        registry=_facts(registry),
        holds=[holds.Hold(one.digest, _why(one), one.image_id) for one in held],
        schedules=[_timed(one, now) for one in schedules],
        are_paused=any(getattr(one, "are_paused", False) for one in schedules),
    )
    return Standing(
        blockers(at), at.effective, registry, _next_tick(at), busy.run if busy else None
    )


def reference_of(row: Container) -> Reference | None:
    """What it follows; None for an image without a name."""
    try:
        return Reference.parse(row.image)
    except InvalidReference:
        return None


def summary_of(row: Container) -> ContainerSummary:
    """The list entry that the row was made from, as far as it was kept."""
    return ContainerSummary(
        id=row.container_id,
        name=row.name,
        image=row.image,
        image_id=row.image_id,
        state=row.state,
        labels=row.labels,
        network_mode=row.network_mode,
    )


def _as_checked(row: Container, now: datetime) -> Situation:
    """With what was set, and what the last check found."""
    rules = Rules.of_run(Params(Kind.UPDATE), policies_of(row.host), row.host.name)
    return Situation(
        container=summary_of(row),
        host=HostFacts(row.host.name),
        rules=rules,
        now=now,
        status=CheckStatus(row.status),
        reason=row.status_reason,
        is_checked=row.checked_at is not None,
        remote_digest=row.remote_digest,
        held_until=row.held_until,
        own_ids=own_container_ids(),
    )


def _host_facts(host: Host, busy: HostRun | None) -> HostFacts:
    return HostFacts(host.name, host.enabled, host.last_error, str(busy.run) if busy else "")


def _next_tick(at: Situation) -> datetime | None:
    ticks = [one.next_at for one in at.schedules if one.next_at]
    return None if at.are_paused else min(ticks, default=None)


def _registry(row: Container, reference: Reference | None) -> Registry | None:
    """With the last answer about this very image, in one statement."""
    if reference is None:
        return None
    mirrors = row.host.mirrors if reference.domain == DOCKER_HUB else []
    via = next(iter(mirrors), "")
    answers = RemoteDigest.objects.filter(reference=reference.canonical, via=via)
    found = Registry.objects.filter(domain=reference.domain)
    found = found.defer("password", "identity_token", "client_key", "client_cert", "ca_pem")
    return found.annotate(
        image_error_kind=Subquery(answers.values("error_kind")[:1]),
        image_due_at=Subquery(answers.values("due_at")[:1]),
    ).first()


def _facts(row: Any) -> RegistryFacts | None:
    if row is None:
        return None
    return RegistryFacts(
        row.domain,
        row.paused_until,
        row.pause_reason,
        row.image_error_kind or "",
        row.image_due_at,
    )


def _schedules(row: Container) -> list[Schedule]:
    """Those that are for its host; each knows whether all are paused."""
    for_host = Schedule.objects.enabled().filter(Q(hosts=None) | Q(hosts=row.host_id))
    return list(for_host.annotate(are_paused=SchedulePause.is_on()))


def _is_for(schedule: Schedule, row: Container) -> bool:
    """Whether its names or its stack take the container in."""
    patterns = names.on_host(schedule.patterns, row.host.name)
    if any(names.matches(one, row.name) for one in patterns):
        return True
    if schedule.stack:
        return schedule.stack == row.stack
    return not schedule.patterns


def _timed(row: Schedule, now: datetime) -> Timed:
    """One that cannot be read any more never ticks."""
    try:
        course = row.course()
        window = course.window
        is_closed = window is not None and not course.may_change(now)
        opens_at = window.opens_after(now) if window and is_closed else None
    except BadTimetable:
        return Timed(row.name, is_update=False, next_at=None)
    return Timed(row.name, row.kind == Kind.UPDATE, row.next_at, opens_at)


def _why(row: Hold) -> str:
    reason = holds.as_sentence(row.reason)
    if row.user is None:
        return reason
    by = _("By %(user)s.") % {"user": row.user.get_username()}
    return f"{reason} {by}"
