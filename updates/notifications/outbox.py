"""Notices become deliveries when it is time, and deliveries are tried until they are through."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from updates.metrics.ended import count_delivery
from updates.models import Channel, Delivery, Notice
from updates.models.channel import Severity
from updates.models.delivery import BACK_OFF
from updates.notifications.happening import Happening
from updates.notifications.rendering import message_of
from updates.notifications.sending import SendError, send_mail, send_to_service

logger = logging.getLogger(__name__)

PUT_OFF = "put_off"  # A try that failed, and will be made again.
TEST_TITLE = "Watchweb: a test"
TEST_TEXT = (
    "This is a test of the channel “{channel}”. News of your containers will come like this."
)


def gather(now: datetime) -> list[int]:
    """Make a delivery for each channel whose notices have waited long enough; their ids."""
    waiting = Notice.objects.filter(delivery=None, channel__enabled=True)
    ids = waiting.order_by("channel").values_list("channel", flat=True).distinct()
    made = (_gather(pk, now) for pk in ids)
    return [pk for pk in made if pk is not None]


def _gather(channel_id: int, now: datetime) -> int | None:
    with transaction.atomic():
        # Held, so that two workers do not gather the same notices.
        channel = Channel.objects.select_for_update().get(pk=channel_id)
        notices = list(channel.notices.filter(delivery=None))
        if not notices or not _is_time(channel, notices, now):
            return None
        delivery = _delivery(channel, notices)
        delivery.save()
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(delivery=delivery)
        return delivery.pk if delivery.state == Delivery.State.QUEUED else None


def _is_time(channel: Channel, notices: Sequence[Notice], now: datetime) -> bool:
    if channel.is_quiet(now):
        return False
    return min(one.at for one in notices) <= now - channel.gathers_for


def _delivery(channel: Channel, notices: Sequence[Notice]) -> Delivery:
    events = [Happening.from_json(one.facts) for one in notices]
    runs = {one.run_id for one in notices}
    message = message_of(channel, events, runs)
    delivery = Delivery(
        channel=channel,
        run_id=runs.pop() if len(runs) == 1 else None,
        kind=Delivery.Kind.DIGEST if channel.digest_minutes else Delivery.Kind.NEWS,
        severity=Severity[message.severity.upper()],
        title=message.title[:500],
        text=message.text,
        error=message.trouble,
    )
    if not message.text:
        delivery.state, delivery.next_try_at = Delivery.State.EMPTY, None
        delivery.ended_at = timezone.now()
    return delivery


def queue_test(channel: Channel) -> Delivery:
    """A queued message that only says that it is a test."""
    return Delivery.objects.create(
        channel=channel,
        kind=Delivery.Kind.TEST,
        title=TEST_TITLE,
        text=TEST_TEXT.format(channel=channel.name),
    )


def deliver(delivery_id: int) -> bool:
    """One try, if it is due and nobody else has it; False if not. Never raises SendError."""
    if not Delivery.objects.claim(delivery_id, timezone.now()):
        return False
    row = Delivery.objects.select_related("channel").get(pk=delivery_id)
    if not row.channel.enabled and row.kind != Delivery.Kind.TEST:
        _close(row, Delivery.State.FAILED, "The channel is switched off.")
        return True
    try:
        _send(row)
    except SendError as error:
        _failed(row, error)
    else:
        _close(row, Delivery.State.SENT, _note(row))
    logger.info("delivery tried delivery=%d attempt=%d", row.pk, row.attempts)
    return True


def _send(row: Delivery) -> None:
    channel, severity = row.channel, Severity(row.severity).name.lower()
    if channel.kind == Channel.Kind.EMAIL:
        send_mail(channel.recipients(), row.title, row.text)
    else:
        send_to_service(channel.url, row.title, row.text, severity)


def _note(row: Delivery) -> str:
    """A template's trouble stays with the delivery; earlier tries' trouble is over."""
    return row.error if row.attempts == 1 else ""


def _failed(row: Delivery, error: SendError) -> None:
    is_last = row.attempts > len(BACK_OFF) or row.kind == Delivery.Kind.TEST
    if is_last or not error.retryable:
        _close(row, Delivery.State.FAILED, str(error))
        logger.warning("delivery failed delivery=%d channel=%d", row.pk, row.channel_id)
    else:
        at = timezone.now() + BACK_OFF[row.attempts - 1]
        if Delivery.objects.try_later(row.pk, at, str(error)):
            count_delivery(PUT_OFF)


def _close(row: Delivery, state: Delivery.State, error: str) -> None:
    if Delivery.objects.close(row.pk, state, error=error):
        count_delivery(state)
