"""What is in an image, read from its manifest and config without a pull.

Source: the OCI image specification, manifest.md (layers) and config.md (what a container of it
gets unless it says otherwise).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from updates.registry.documents import (
    MAX_DEPTH,
    Fetch,
    config_of,
    digest_in,
    entries_of,
    manifest_of,
    refuse,
)
from updates.registry.errors import NotFound
from updates.registry.manifest import INDEX_TYPES, Manifest
from updates.registry.messages import Answer, host_of
from updates.registry.platforms import Platform, platform_in

MAX_LAYERS = 1000
# What of the config a container of the image gets.
KEPT = (
    "User",
    "ExposedPorts",
    "Env",
    "Entrypoint",
    "Cmd",
    "Volumes",
    "WorkingDir",
    "Labels",
    "StopSignal",
    "Healthcheck",
    "Shell",
)


@dataclass(frozen=True, slots=True)
class ImageContents:
    """One image of one platform. `created` is RFC 3339 or "". `layers`: bytes by digest, as they
    are sent. `config`: those of KEPT that it has, as in the image's config."""

    platform: str = ""
    created: str = ""
    layers: Mapping[str, int] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes to send for all of it."""
        return sum(self.layers.values())

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return {
            "platform": self.platform,
            "created": self.created,
            "layers": dict(self.layers),
            "config": dict(self.config),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{name: data[name] for name in cls.__slots__ if name in data})


def contents_of(target: str, wanted: Platform | None, fetch: Fetch) -> ImageContents:
    """What a tag's or digest's image holds, for the wanted platform; None: the first there is.

    At most four requests. `fetch` gives the 200 answer to a GET of a manifest or a config. Raises
    NotFound without an image for the platform, NotARegistry, and what `fetch` raises.
    """
    return _within(MAX_DEPTH, target, wanted, fetch)


def _within(depth: int, target: str, wanted: Platform | None, fetch: Fetch) -> ImageContents:
    answer, manifest = manifest_of(target, fetch)
    if not manifest.is_index:
        return _of_image(answer, manifest, fetch)
    if depth == 1:
        refuse(answer, "nests image indexes without end")
    return _within(depth - 1, _chosen(answer, manifest, wanted), wanted, fetch)


def _chosen(answer: Answer, index: Manifest, wanted: Platform | None) -> str:
    """The digest to go on with: the wanted platform itself, else one that runs there."""
    entries = entries_of(answer, index)
    named = [(platform_in(one.get("platform")), one) for one in entries]
    images = [(platform, one) for platform, one in named if platform and platform.os != "unknown"]
    exact = [one for platform, one in images if platform == wanted]
    fitting = [one for platform, one in images if wanted is None or platform.fits(wanted)]
    nested = [one for one in entries if one.get("mediaType") in INDEX_TYPES]
    unnamed = [one for platform, one in named if platform is None and one not in nested]
    for one in (*exact, *fitting, *nested, *unnamed):
        return digest_in(answer, one)
    raise NotFound(f"{host_of(answer.url)} has no image for {wanted} under this digest.")


def _of_image(answer: Answer, manifest: Manifest, fetch: Fetch) -> ImageContents:
    if manifest.is_signed:
        refuse(answer, "has this image in an ancient format that says nothing of its contents")
    document = config_of(manifest, fetch)
    if not isinstance(document, dict):
        refuse(answer, "has no readable configuration for this image")
    config = document.get("config")
    config = config if isinstance(config, dict) else {}
    created = document.get("created")
    return ImageContents(
        platform=str(platform_in(document) or ""),
        created=created if isinstance(created, str) else "",
        layers=_layers(manifest.document.get("layers")),
        config={name: config[name] for name in KEPT if config.get(name)},
    )


def _layers(entries: object) -> dict[str, int]:
    known: Sequence[Any] = entries[:MAX_LAYERS] if isinstance(entries, list) else []
    return {
        one["digest"]: one["size"]
        for one in known
        if isinstance(one, dict)
        and isinstance(one.get("digest"), str)
        and isinstance(one.get("size"), int)
    }
