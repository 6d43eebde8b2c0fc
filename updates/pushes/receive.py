"""One delivery: let in or refused, read, recorded. What it leads to comes later (join)."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from updates.models import Webhook, WebhookDelivery
from updates.models.webhook_delivery import REPLAYED_WITHIN
from updates.webhooks.errors import Malformed, Unproven
from updates.webhooks.message import Arrival, Message
from updates.webhooks.proof import prove

logger = logging.getLogger(__name__)
Outcome = WebhookDelivery.Outcome

# For those whose bodies bear no time: a second push of the same is news soon.
_REPLAYED_SOON = timedelta(seconds=10)
_OFF = "This webhook is turned off."
_TOO_MANY = "Too many deliveries at once; try again in a minute."
_AGAIN = "This came before."


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: an HTTP status, a word and a sentence."""

    status: int
    outcome: str
    reason: str = ""

    def to_json(self) -> Mapping[str, str]:
        return {"outcome": self.outcome, "reason": self.reason}


def receive(webhook: Webhook, arrival: Arrival, now: datetime) -> Receipt:
    """Its proof first: a body whose sender is not known is not looked at, and leaves no row."""
    try:
        prove(webhook.secret, arrival, webhook.sender.proofs, now.timestamp())
    except Unproven as error:
        Webhook.objects.note_refusal(webhook.pk, str(error), now)
        return Receipt(401 if error.is_missing else 403, "refused", str(error))
    with transaction.atomic():
        if not Webhook.objects.take_turn(webhook.pk, now):
            return Receipt(429, "refused", _TOO_MANY)
        fingerprint = _fingerprint(arrival)
        window = REPLAYED_WITHIN if webhook.sender.is_marked else _REPLAYED_SOON
        if WebhookDelivery.objects.repeat(webhook, fingerprint, now - window):
            return Receipt(200, "repeated", _AGAIN)
        row = _row(webhook, arrival)
        row.fingerprint, row.received_at = fingerprint, now
        if not WebhookDelivery.objects.fold(row):
            row.save()
    logger.info("webhook delivery webhook=%d outcome=%s", webhook.pk, row.outcome)
    status = {Outcome.WAITING: 202, Outcome.MALFORMED: 400}
    return Receipt(status.get(Outcome(row.outcome), 200), row.outcome, row.reason)


def _row(webhook: Webhook, arrival: Arrival) -> WebhookDelivery:
    row = WebhookDelivery(webhook=webhook)
    try:
        message = webhook.sender.parse(arrival)
        pushes = [str(push.at(webhook.domain)) for push in message.pushes]
    except Malformed as error:
        row.outcome, row.reason = Outcome.MALFORMED, str(error)
        return row
    row.event, row.pushes = message.event, pushes
    row.reason = message.reason if webhook.enabled else _OFF
    row.outcome = Outcome.WAITING if _is_news(webhook, message) else Outcome.IGNORED
    return row


def _is_news(webhook: Webhook, message: Message) -> bool:
    return webhook.enabled and bool(message.pushes)


def _fingerprint(arrival: Arrival) -> str:
    """Of all that says what was pushed. Ids in headers do not count: they are not signed."""
    named = [arrival.query.get(name, "") for name in ("image", "reference")]
    said = "\n".join(named).encode(errors="replace") + b"\n" + arrival.body
    return hashlib.sha256(said).hexdigest()
