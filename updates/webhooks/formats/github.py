"""GitHub Packages. Source: docs.github.com/webhooks/webhook-events-and-payloads, package and
registry_package."""

from updates.webhooks.document import Document, part, read, text, word
from updates.webhooks.message import Arrival, Message, Push

_EVENTS = ("package", "registry_package")
_IMAGES = ("container", "docker")
_GREETING = "GitHub says hello: the webhook is set up."


def parse(arrival: Arrival) -> Message:
    """Of the events for packages, those of images that were published or changed.

    Raises Malformed.
    """
    event = word(arrival.headers.get("x-github-event", ""))
    document = read(arrival.body)
    if event == "ping":
        return Message(event, reason=_GREETING)
    if event not in _EVENTS:
        return Message(event, reason="This event tells of no package: choose Packages at GitHub.")
    action = word(text(document, "action"))
    package, told = part(document, event), f"{event} {action}".strip()
    if action not in ("published", "updated"):
        return Message(told, reason="Nothing was published.")
    if text(package, "package_type").lower() not in _IMAGES:
        return Message(told, reason="The package is no container image.")
    return Message(told).of(_push(package))


def _push(package: Document) -> Push:
    """The address is in the version; its tag is empty for an image without one.

    Names are written as their owners write them, and mean the same in lower case; tags do not.
    """
    version = part(package, "package_version")
    tag = text(version, "container_metadata", "tag", "name")
    if address := text(version, "package_url").partition("@")[0].rstrip(":"):
        found = Push.of(address.lower())
        written = address[len(address) - len(found.tag) :]
        return Push.named(found.domain, found.path, tag or written)
    owner = text(package, "namespace") or text(package, "owner", "login")
    return Push.named("ghcr.io", f"{owner}/{text(package, 'name')}".lower(), tag)
