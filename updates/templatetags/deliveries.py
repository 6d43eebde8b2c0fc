"""How a channel's messages and a webhook's deliveries read in a word."""

from django import template
from django.utils.translation import gettext_lazy as _

from updates.models import Delivery, WebhookDelivery

register = template.Library()

_MESSAGES = {
    Delivery.State.QUEUED: _("queued"),
    Delivery.State.SENT: _("sent"),
    Delivery.State.FAILED: _("failed"),
    Delivery.State.EMPTY: _("empty"),
}
_HOOKS = {
    WebhookDelivery.Outcome.WAITING: _("waiting"),
    WebhookDelivery.Outcome.STARTED: _("started"),
    WebhookDelivery.Outcome.UNMATCHED: _("unmatched"),
    WebhookDelivery.Outcome.IGNORED: _("ignored"),
    WebhookDelivery.Outcome.MALFORMED: _("malformed"),
    WebhookDelivery.Outcome.FAILED: _("failed"),
}


@register.filter
def message_words(state: str) -> str:
    """What became of a message, in a word."""
    return str(_MESSAGES[Delivery.State(state)])


@register.filter
def hook_words(outcome: str) -> str:
    """What became of a webhook's delivery, in a word."""
    return str(_HOOKS[WebhookDelivery.Outcome(outcome)])
