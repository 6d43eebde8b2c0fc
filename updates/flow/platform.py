"""Platforms as the flow meets them, as texts "os/arch[/variant]"; "" is not known."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from updates.engine.errors import NoSuchObject
from updates.registry.platforms import Platform
from updates.registry.reference import Reference

_NOT_AVAILABLE = " is not available for "


def fits_platform(wanted: str, offered: Collection[str]) -> bool:
    """Whether one of the offered platforms runs on the wanted one; anything may on "".

    Text that names no platform is one that is not known when it is wanted, and fits nothing when
    it is offered.
    """
    own = _parsed(wanted)
    found = (_parsed(one) for one in offered)
    return own is None or any(one is not None and one.fits(own) for one in found)


def is_same_machine(one: str, other: str) -> bool:
    """Whether operating system and architecture are the same; the variant does not count."""
    return one.lower().split("/")[:2] == other.lower().split("/")[:2]


def platform_of(image: Mapping[str, Any]) -> str:
    """The platform in an image's inspect document; "" when it does not say."""
    os, arch = image.get("Os"), image.get("Architecture")
    parts = [os, arch, image.get("Variant")] if os and arch else []
    return "/".join(str(part) for part in parts if part)


def own_platform(inspect: Callable[[str], Mapping[str, Any]], image_id: str) -> str:
    """The platform of an image on an engine; "" when it does not say, or when it is gone."""
    try:
        return platform_of(inspect(image_id))
    except NoSuchObject:  # Removed by hand, or forgotten by a containerd store.
        return ""


def not_available(reference: Reference, platform: str) -> str:
    """The sentence for an image that does not exist for a platform."""
    return f"{reference.familiar}{_NOT_AVAILABLE}{platform}: nothing is pulled."


def says_not_available(sentence: str) -> bool:
    """Whether it is that sentence."""
    return _NOT_AVAILABLE in sentence


def _parsed(text: str) -> Platform | None:
    try:
        return Platform.parse(text)
    except ValueError:
        return None
