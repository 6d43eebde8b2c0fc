"""Gitea and Forgejo. Source: their modules/structs, PackagePayload."""

from urllib.parse import urlsplit

from updates.webhooks.document import part, read, text, word
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push


def parse(arrival: Arrival) -> Message:
    """Of the package events, those of container images. Raises Malformed."""
    headers = arrival.headers
    event = word(headers.get("x-gitea-event") or headers.get("x-forgejo-event") or "")
    document = read(arrival.body)
    if event != "package":
        return Message(event, reason="This event tells of no package: choose Package events.")
    action, package = word(text(document, "action")), part(document, "package")
    told = f"{event} {action}".strip()
    if action != "created":
        return Message(told, reason="Nothing was published.")
    if text(package, "type") != "container":
        return Message(told, reason="The package is no container image.")
    path = f"{text(package, 'owner', 'login')}/{text(package, 'name')}".lower()
    return Message(told).of(
        Push.named(_domain(text(package, "html_url")), path, text(package, "version"))
    )


def _domain(address: str) -> str:
    """The registry is where the pages are. Raises Malformed."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError as error:
        raise Malformed("It names no address (package.html_url).") from error
