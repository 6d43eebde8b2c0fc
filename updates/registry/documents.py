"""The documents of an image behind its tag or digest: index, manifest, config; each verified.

Source: the OCI image specification, image-index.md, manifest.md and config.md.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from updates.registry.errors import NotARegistry
from updates.registry.manifest import Manifest, digest_of, read_manifest
from updates.registry.messages import Answer, Kind, host_of
from updates.registry.reference import is_digest

MAX_DEPTH = 3

type Fetch = Callable[[Kind, str], Answer]


def manifest_of(target: str, fetch: Fetch) -> tuple[Answer, Manifest]:
    """The manifest of a tag or digest. Raises NotARegistry if it is another than was asked for."""
    answer = fetch(Kind.MANIFEST, target)
    algorithm = target.partition(":")[0] if is_digest(target) else "sha256"
    manifest = read_manifest(answer, algorithm=algorithm)
    if is_digest(target) and manifest.descriptor.digest != target:
        refuse(answer, "sends another manifest than was asked for")
    return answer, manifest


def entries_of(answer: Answer, index: Manifest) -> Sequence[dict[str, Any]]:
    """What an index lists. Raises NotARegistry."""
    entries = index.document.get("manifests")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        refuse(answer, "sends a malformed image index")
    return entries


def digest_in(answer: Answer, entry: dict[str, Any]) -> str:
    """Which manifest an index's entry names. Raises NotARegistry."""
    digest = entry.get("digest")
    if not isinstance(digest, str) or not is_digest(digest):
        refuse(answer, "sends a malformed image index")
    return digest


def config_of(manifest: Manifest, fetch: Fetch) -> object:
    """The JSON of an image's config; None if it names none, or what it names is no JSON.

    Raises NotFound, and NotARegistry if it is another than was asked for.
    """
    config = manifest.document.get("config")
    digest = config.get("digest") if isinstance(config, dict) else None
    if not isinstance(digest, str) or not is_digest(digest):
        return None
    blob = fetch(Kind.CONFIG, digest)
    if digest_of(blob.body, digest.partition(":")[0]) != digest:
        refuse(blob, "sends another image configuration than was asked for")
    try:
        return json.loads(blob.body)
    except (ValueError, RecursionError):
        return None


def refuse(answer: Answer, what: str) -> NoReturn:
    raise NotARegistry(f"{host_of(answer.url)} {what}.")
