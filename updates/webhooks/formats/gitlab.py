"""GitLab. Its own webhooks tell of no image; its registry's notifications do.

Source: docs.gitlab.com/administration/packages/container_registry, notifications.
"""

from updates.webhooks.document import read, text, word
from updates.webhooks.formats.distribution import of_events
from updates.webhooks.message import Arrival, Message

_OTHERS = "GitLab's project webhooks tell of no image: set up its registry's notifications."


def parse(arrival: Arrival) -> Message:
    """Raises Malformed."""
    document = read(arrival.body)
    if event := word(text(document, "object_kind")):
        return Message(event, reason=_OTHERS)
    return of_events(document)
