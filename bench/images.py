"""Many small images in a real registry, each in a repository of its own."""

import json
from dataclasses import dataclass

from tests.lab.images import CONFIG, MANIFEST, Blob, Image
from tests.lab.registry import Registry

_TAG = "1"


@dataclass(frozen=True, slots=True)
class Tagged:
    """An image by its name, and the digest that the registry has for it."""

    reference: str
    digest: str


def push_many(registry: Registry, address: str, count: int) -> list[Tagged]:
    """Push `count` of them; their names begin with `address`. Raises LabError."""
    tagged = []
    for number in range(count):
        repository = f"many/app-{number}"
        digest = registry.push(repository, _TAG, _image(repository))
        tagged.append(Tagged(f"{address}/{repository}:{_TAG}", digest))
    return tagged


def _image(seed: str) -> Image:
    """One without layers: nobody pulls it."""
    config = Blob.of(
        json.dumps({"architecture": "amd64", "os": "linux", "id": seed}).encode(), CONFIG
    )
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor,
        "layers": [],
    }
    return Image(Blob.of(json.dumps(document).encode(), MANIFEST), (config,))
