"""Manifests as far as a check needs them: which digest, what type, what size."""

import hashlib
import json
import re
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
INDEX_TYPES = frozenset(MEDIA_TYPES[:2])
# All of them, always: with fewer, a registry converts, and one tag has several digests.
ACCEPT = ", ".join(MEDIA_TYPES)
_DIGEST_HEADER = "Docker-Content-Digest"
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,200}"')
_MEDIA_TYPE = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a reference names in its registry.

    `size` is in bytes, 0 when the registry is silent. `etag` is what the registry can be asked
    with for "has this changed?", at most 204 characters; "" when it offers none.
    """

    media_type: str
    digest: str
    size: int
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read whole. `document` is its JSON."""

    descriptor: Descriptor
    document: dict[str, Any]

    @property
    def is_signed(self) -> bool:
        """Whether it is of the ancient kind, whose digest cannot be computed from its bytes."""
        return self.descriptor.media_type == _SIGNED

    @property
    def is_index(self) -> bool:
        media_type = self.descriptor.media_type
        return media_type in INDEX_TYPES or (
            media_type not in MEDIA_TYPES and "manifests" in self.document
        )


def sendable_etag(value: str) -> str:
    """The ETag if it is one, and short enough to be kept and sent; else ""."""
    return value if _ETAG.fullmatch(value) else ""


def from_headers(answer: Answer) -> Descriptor | None:
    """The descriptor that the headers alone give; None when they name no digest."""
    digest = answer.headers.get(_DIGEST_HEADER, "").strip()
    if not is_digest(digest):
        return None
    length = answer.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() and len(length) < 13 else 0
    return Descriptor(_media_type(answer), digest, size, _etag(answer))


def from_body(answer: Answer, *, algorithm: str = "sha256") -> Descriptor:
    """The descriptor of the manifest in the body, its digest computed. Raises NotARegistry."""
    return read_manifest(answer, algorithm=algorithm).descriptor


def read_manifest(answer: Answer, *, algorithm: str = "sha256") -> Manifest:
    """The manifest in the body. `algorithm` is for a digest that no header names.

    Raises NotARegistry when it is no manifest, or not the one the headers promise.
    """
    document = _document(answer)
    media_type = _media_type(answer)
    promised = from_headers(answer)
    if media_type == _SIGNED:
        if promised is None:
            _refuse(answer, "sends an ancient signed manifest without its digest")
        return Manifest(promised, document)
    if media_type not in MEDIA_TYPES:
        media_type = _printable(document.get("mediaType"))
    if promised:
        algorithm = promised.digest.partition(":")[0]
    digest = digest_of(answer.body, algorithm)
    if promised and promised.digest != digest:
        _refuse(answer, "sends a manifest that does not match the digest it names")
    return Manifest(Descriptor(media_type, digest, len(answer.body), _etag(answer)), document)


def unchanged(answer: Answer, known: Descriptor) -> Descriptor:
    """What a 304 confirms. Raises NotARegistry when its headers say otherwise."""
    promised = from_headers(answer)
    if promised and promised.digest != known.digest:
        _refuse(answer, "says that nothing has changed, and names another digest")
    return known


def digest_of(body: bytes, algorithm: str) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("schemaVersion"), int):
        _refuse(answer, "answers with something that is not an image manifest")
    return dict(document)


def _media_type(answer: Answer) -> str:
    return _printable(answer.headers.get("Content-Type", "").partition(";")[0].strip().lower())


def _printable(value: object) -> str:
    return value if isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) else ""


def _etag(answer: Answer) -> str:
    return sendable_etag(answer.headers.get("ETag", "").strip())


def _refuse(answer: Answer, what: str) -> NoReturn:
    raise NotARegistry(f"{host_of(answer.url)} {what}.")
