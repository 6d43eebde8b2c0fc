"""How images are named: by their digits, their digests, and as an engine spells them."""

import hashlib
from dataclasses import replace

from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference


def spelled(text: str) -> str:
    """A name as an engine's lists have it; a digest makes its tag count for nothing."""
    try:
        reference = Reference.parse(text)
    except InvalidReference:
        return text
    return replace(reference, tag=None if reference.digest else reference.tag).familiar


def digest_of(seed: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(seed.encode()).hexdigest()


def remote_digest(seed: str) -> str:
    """The digest that a registry has for the image of this seed."""
    return "sha256:" + digest_of(f"remote {seed}")
