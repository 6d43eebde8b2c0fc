"""Harbor, in its own form and as CloudEvents. Source: goharbor.io/docs, configure webhooks."""

from updates.webhooks.document import Document, objects, part, read, text, word
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push

_PUSHES = ("PUSH_ARTIFACT", "pushImage", "harbor.artifact.pushed")


def parse(arrival: Arrival) -> Message:
    """Raises Malformed."""
    document = read(arrival.body)
    event = word(text(document, "type"))
    if not event:
        raise Malformed("It names no kind of event (type).")
    if event not in _PUSHES:
        return Message(event, reason="This event tells of no push: choose Artifact pushed.")
    data = part(document, "event_data") or part(document, "data")
    pushed = [_push(one) for one in objects(data, "resources")]
    if not pushed:
        raise Malformed("It names no image (resources).")
    return Message(event).of(*pushed)


def _push(resource: Document) -> Push:
    found = Push.of(text(resource, "resource_url"))
    return Push.named(found.domain, found.path, found.tag or text(resource, "tag"))
