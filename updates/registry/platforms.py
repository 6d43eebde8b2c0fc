"""Which platforms a reference offers: the entries of its index, or the one in its image's config.

Source: the OCI image specification, image-index.md and config.md.
"""

import re
from dataclasses import dataclass
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
from updates.registry.messages import Answer

MAX_MANIFESTS = 20
_PART = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_UNKNOWN = "unknown"
_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386"}
# What an architecture without a variant is. An "arm" without one may be any.
_USUAL_VARIANTS = {"amd64": "v1", "arm64": "v8"}


@dataclass(frozen=True, slots=True)
class Platform:
    """What an image is made for, in Go's words: `linux/arm/v7`."""

    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `os/architecture` or `os/architecture/variant`. Raises ValueError."""
        parts = text.strip().lower().split("/")
        if len(parts) not in (2, 3) or not all(_PART.fullmatch(part) for part in parts):
            raise ValueError(f"{text[:100]!r} is not a platform such as linux/amd64.")
        return cls(*parts)

    def fits(self, wanted: "Platform") -> bool:
        """Whether an image for this platform runs where one for the wanted platform does.

        A lower variant runs on a higher one; a missing one hinders nothing.
        """
        mine, theirs = _architecture(self), _architecture(wanted)
        if (self.os, mine) != (wanted.os, theirs):
            return False
        usual = _USUAL_VARIANTS.get(mine, "")
        own, other = self.variant or usual, wanted.variant or usual
        if not own or not other or own == other:
            return True
        levels = _level(own), _level(other)
        return 0 < levels[0] <= levels[1]

    def __str__(self) -> str:
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))


def platforms_of(target: str, fetch: Fetch) -> frozenset[Platform] | None:
    """The platforms of a tag's or digest's manifest; None when that cannot be told.

    `fetch` gives the 200 answer to a GET of a manifest or a config, by tag or digest.
    Nested indexes are followed; every digest is verified. Raises NotARegistry for documents
    that lie or never end, and what `fetch` raises.
    """
    return _Walk(fetch).of_manifest(target, depth=1)


class _Walk:
    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._manifests_left = MAX_MANIFESTS

    def of_manifest(self, target: str, *, depth: int) -> frozenset[Platform] | None:
        self._manifests_left -= 1
        answer, manifest = manifest_of(target, self._fetch)
        if manifest.is_signed:
            return None  # What it says of its digest, and so of its platform, cannot be verified.
        if not manifest.is_index:
            return self._of_image(manifest)
        found = [self._of_entry(answer, entry, depth) for entry in entries_of(answer, manifest)]
        known = [platforms for platforms in found if platforms is not None]
        # One that cannot be told may be any.
        return frozenset().union(*known) if len(known) == len(found) else None

    def _of_entry(
        self, index: Answer, entry: dict[str, Any], depth: int
    ) -> frozenset[Platform] | None:
        platform = platform_in(entry.get("platform"))
        if platform is not None and _UNKNOWN in (platform.os, platform.architecture):
            return frozenset()  # An attestation: no image.
        if platform is not None and entry.get("mediaType") not in INDEX_TYPES:
            return frozenset({platform})
        digest = digest_in(index, entry)
        if depth == MAX_DEPTH or not self._manifests_left:
            refuse(index, "nests image indexes without end")
        return self.of_manifest(digest, depth=depth + 1)

    def _of_image(self, manifest: Manifest) -> frozenset[Platform] | None:
        try:
            platform = platform_in(config_of(manifest, self._fetch))
        except NotFound:
            return None
        return frozenset({platform}) if platform is not None else None


def platform_in(document: object) -> Platform | None:
    """The platform that an index entry or an image's config names; None if it names none."""
    if not isinstance(document, dict):
        return None
    parts = [document.get(name) or "" for name in ("os", "architecture", "variant")]
    if not all(isinstance(part, str) for part in parts) or not parts[0] or not parts[1]:
        return None
    lower = [part.lower() for part in parts]
    return Platform(*lower) if all(_PART.fullmatch(part) for part in lower if part) else None


def _architecture(platform: Platform) -> str:
    return _ARCHITECTURES.get(platform.architecture, platform.architecture)


def _level(variant: str) -> float:
    """7 of `v7`, 8.1 of `v8.1`; 0 of anything else."""
    found = re.fullmatch(r"v?(\d{1,3}(?:\.\d{1,3})?)", variant)
    return float(found[1]) if found else 0.0
