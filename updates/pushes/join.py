"""Pushes that came within a second become one run, or two: a check, and an update."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from updates.flow.session import Kind, Params
from updates.models import Container, SchedulePause, UpdateRun, Webhook, WebhookDelivery
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference
from updates.runs.guard import guarded
from updates.timetable.errors import BadTimetable
from updates.triggers import trigger_run
from updates.webhooks.message import Push

logger = logging.getLogger(__name__)
Outcome = WebhookDelivery.Outcome
NOBODY = "No container of an enabled host runs it, as far as the last scans know."
CLOSED = "The window for changes is closed: it was only checked."
PAUSED = "Everything is paused: it was only checked."
_TRIED_FOR = timedelta(minutes=1)
_MOST_NAMES = 50


def trigger_waiting(now: datetime) -> int:
    """Start what waits; how many deliveries that were. A fault of ours ends what waits too long."""
    if not WebhookDelivery.objects.ready(now).exists():
        return 0
    return guarded(partial(_trigger, now), partial(_give_up, now))


def _trigger(now: datetime) -> int:
    """One transaction: each delivery leads to one run however many clocks look, and its task is
    queued with it."""
    with transaction.atomic():
        waiting = WebhookDelivery.objects.ready(now).select_related("webhook")
        rows = list(waiting.select_for_update(of=("self",)).order_by("pk"))
        _start(rows, now)
    return len(rows)


def _give_up(now: datetime, why: str) -> int:
    late = WebhookDelivery.objects.ready(now).filter(received_at__lte=now - _TRIED_FOR)
    late.update(outcome=Outcome.FAILED, reason=why)
    return 0


def _start(rows: Sequence[WebhookDelivery], now: datetime) -> None:
    is_paused = SchedulePause.current() is not None
    wanted = {row.pk: _kind(row.webhook, now, is_paused=is_paused) for row in rows}
    runners = containers_on({push for row in rows for push in row.images})
    found = {row.pk: [one for push in row.images for one in runners[push]] for row in rows}
    updated = {
        one.pk: one for row in rows if wanted[row.pk][0] is Kind.UPDATE for one in found[row.pk]
    }
    checked = {one.pk: one for row in rows for one in found[row.pk] if one.pk not in updated}
    update, check = _run(Kind.UPDATE, updated.values()), _run(Kind.SCAN, checked.values())
    for row in rows:
        mine = {one.pk for one in found[row.pk]}
        row.run = check if mine & checked.keys() else update
        row.run = row.run if mine else None
        row.outcome = Outcome.STARTED if mine else Outcome.UNMATCHED
        row.reason = wanted[row.pk][1] if mine else NOBODY
        row.save(update_fields=["run", "outcome", "reason"])
        logger.info("push followed delivery=%d outcome=%s", row.pk, row.outcome)


def _kind(webhook: Webhook, now: datetime, *, is_paused: bool) -> tuple[Kind, str]:
    """What its pushes lead to now, and why to less than is set."""
    if webhook.action == Webhook.Action.CHECK:
        return Kind.SCAN, ""
    if is_paused:
        return Kind.SCAN, PAUSED
    try:
        is_open = webhook.may_update(now)
    except BadTimetable as error:  # A time zone that the machine has no more.
        return Kind.SCAN, str(error)
    return (Kind.UPDATE, "") if is_open else (Kind.SCAN, CLOSED)


def _run(kind: Kind, containers: Iterable[Container]) -> UpdateRun | None:
    """A run for just these, which asks their registries anew; None for none."""
    chosen = list(containers)
    if not chosen:
        return None
    hosts = {one.host_id: one.host for one in chosen}.values()
    names = tuple(f"{one.host.name}/{one.name}" for one in chosen)
    params = Params(kind, names, max_age_s=0, are_exact=True)
    return trigger_run(hosts, params, source=UpdateRun.Trigger.WEBHOOK)


def containers_on(pushes: Collection[Push]) -> Mapping[Push, list[Container]]:
    """By push, the containers of enabled hosts that follow it, as the last scans listed them."""
    found: dict[Push, list[Container]] = {push: [] for push in pushes}
    if not pushes:
        return found
    rows = Container.objects.filter(_likely(pushes), host__enabled=True).select_related("host")
    for row in rows.defer("labels"):
        reference = _reference(row.image)
        for push in pushes:
            if reference is not None and push.is_of(reference):
                found[push].append(row)
    return found


def _likely(pushes: Collection[Push]) -> Q:
    """A condition that all of them fulfil, and few others; none for too many to tell apart."""
    names = {push.path.rpartition("/")[2] for push in pushes}
    likely = Q()
    for name in names if len(names) <= _MOST_NAMES else ():
        likely |= Q(image__contains=name)
    return likely


def _reference(image: str) -> Reference | None:
    try:
        return Reference.parse(image)
    except InvalidReference:  # An image that has no name but its ID.
        return None
