"""List entries, made short."""

from typing import Any

from tests.fakes.names import digest_of
from updates.engine.container import ContainerSummary

WATCHTOWER = "com.centurylinklabs.watchtower."


def container(name: str = "web", **facts: Any) -> ContainerSummary:
    """A running container of this name; its id and image id are made from it."""
    plain = {
        "id": digest_of(name),
        "image": "shop/web:1",
        "image_id": "sha256:" + digest_of(f"image of {name}"),
        "state": "running",
    }
    return ContainerSummary(**({"name": name} | plain | facts))


def label(ending: str, value: str) -> dict[str, str]:
    return {WATCHTOWER + ending: value}
