"""Docker Hub. Source: docs.docker.com/docker-hub/repos/manage/webhooks."""

from updates.registry.reference import DOCKER_HUB
from updates.webhooks.document import read, text
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push


def parse(arrival: Arrival) -> Message:
    """Each delivery is the push of one tag. Raises Malformed."""
    document = read(arrival.body)
    name = text(document, "repository", "repo_name")
    if not name:
        raise Malformed("It names no repository (repository.repo_name).")
    return Message("push").of(Push.named(DOCKER_HUB, name, text(document, "push_data", "tag")))
