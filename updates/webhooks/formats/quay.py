"""Quay. Source: docs.redhat.com, Red Hat Quay, repository notifications."""

from updates.webhooks.document import read, text, texts
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push


def parse(arrival: Arrival) -> Message:
    """What was pushed has `updated_tags`; nothing names the event. Raises Malformed."""
    document = read(arrival.body)
    address = text(document, "docker_url")
    if not address:
        raise Malformed("It names no repository (docker_url).")
    if "updated_tags" not in document:
        return Message("", reason="This event tells of no push: choose Push to Repository.")
    found = Push.of(address)
    tags = texts(document, "updated_tags") or [""]
    return Message("push").of(*(Push.named(found.domain, found.path, tag) for tag in tags))
