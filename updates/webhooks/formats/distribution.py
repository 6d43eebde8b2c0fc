"""The notifications of distribution, which GitLab's registry, Azure's and others send as well.

Source: distribution.github.io/distribution/about/notifications.
"""

from updates.webhooks.document import Document, objects, read, text, word
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push

NO_PUSH = "It tells of no pushed image."


def parse(arrival: Arrival) -> Message:
    """An envelope of events, or one event alone, as Azure sends it. Raises Malformed."""
    return of_events(read(arrival.body))


def of_events(document: Document) -> Message:
    """The pushes among the events of a document. Raises Malformed."""
    if "events" not in document and "target" not in document:
        raise Malformed("It has no list of events.")
    events = objects(document, "events") if "events" in document else [document]
    actions = sorted({word(text(event, "action")) for event in events} - {""})
    message = Message(word(", ".join(actions)))
    pushed = [_push(event) for event in events if _is_push(event)]
    return message.of(*pushed) if pushed else Message(message.event, reason=NO_PUSH)


def _is_push(event: Document) -> bool:
    """Of a manifest or an index; layers are told of in the same way."""
    kind = text(event, "target", "mediaType")
    return text(event, "action") == "push" and ("manifest" in kind or "index" in kind)


def _push(event: Document) -> Push:
    return Push.named(
        text(event, "request", "host"),
        text(event, "target", "repository"),
        text(event, "target", "tag"),
    )
