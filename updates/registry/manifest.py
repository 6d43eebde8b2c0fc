"""Manifests as far as a check needs them: which digest, what type, what size."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, NoReturn

from updates.registry.errors import NotARegistry
from updates.registry.messages import Answer, host_of
from updates.registry.reference import is_digest

_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"
MEDIA_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    _SIGNED,
)
# All of them, always: with fewer, a registry converts, and one tag has several digests.
ACCEPT = ", ".join(MEDIA_TYPES)
_DIGEST_HEADER = "Docker-Content-Digest"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a reference names in its registry. `size` is in bytes, 0 when the registry is silent."""

    media_type: str
    digest: str
    size: int


def from_headers(answer: Answer) -> Descriptor | None:
    """The descriptor that the headers alone give; None when they name no digest."""
    digest = answer.headers.get(_DIGEST_HEADER, "").strip()
    if not is_digest(digest):
        return None
    length = answer.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() and len(length) < 13 else 0
    return Descriptor(_media_type(answer), digest, size)


def from_body(answer: Answer) -> Descriptor:
    """The descriptor of the manifest in the body, its digest computed.

    Raises NotARegistry when it is no manifest, or not the one the headers promise.
    """
    document = _document(answer)
    media_type = _media_type(answer)
    promised = from_headers(answer)
    if media_type == _SIGNED:
        return promised or _refuse(answer, "sends an ancient signed manifest without its digest")
    if media_type not in MEDIA_TYPES:
        media_type = str(document.get("mediaType", ""))[:200]
    algorithm = promised.digest.partition(":")[0] if promised else "sha256"
    digest = f"{algorithm}:{hashlib.new(algorithm, answer.body).hexdigest()}"
    if promised and promised.digest != digest:
        _refuse(answer, "sends a manifest that does not match the digest it names")
    return Descriptor(media_type, digest, len(answer.body))


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("schemaVersion"), int):
        _refuse(answer, "answers with something that is not an image manifest")
    return dict(document)


def _media_type(answer: Answer) -> str:
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()[:200]


def _refuse(answer: Answer, what: str) -> NoReturn:
    raise NotARegistry(f"{host_of(answer.url)} {what}.")
