"""Images for several platforms, made for the lab's registry."""

import json
from dataclasses import dataclass

from tests.lab.images import CONFIG, MANIFEST, Blob, Image, ImageSpec, build
from tests.lab.registry import Registry

INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"


@dataclass(frozen=True, slots=True)
class Pushed:
    """The digest of an index, and what a graph-driver engine calls its images, by platform."""

    digest: str
    image_ids: dict[str, str]


def push_index(registry: Registry, repository: str, tag: str, version: str, *on: str) -> Pushed:
    """Push an image for each of the platforms ("os/arch"), and an index of them under the tag."""
    images = {platform: image_for(platform, version) for platform in on}
    entries = []
    for platform, image in images.items():
        registry.push(repository, image.manifest.digest, image)
        os, arch = platform.split("/")
        entries.append(image.manifest.descriptor | {"platform": {"os": os, "architecture": arch}})
    document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
    index = Image(Blob.of(json.dumps(document).encode(), INDEX), ())
    digest = registry.push(repository, tag, index)
    return Pushed(digest, {platform: image.image_id for platform, image in images.items()})


def image_for(platform: str, version: str) -> Image:
    """The lab's image, which says that it is for this platform."""
    image = build(ImageSpec(version=version))
    config = json.loads(image.blobs[0].data)
    config["os"], config["architecture"] = platform.split("/")
    blob = Blob.of(json.dumps(config).encode(), CONFIG)
    manifest = json.loads(image.manifest.data) | {"config": blob.descriptor}
    return Image(Blob.of(json.dumps(manifest).encode(), MANIFEST), (blob, *image.blobs[1:]))
