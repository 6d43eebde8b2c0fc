"""Names and patterns of containers and images.

Patterns come from people and are matched in a worker: re2 takes time in proportion to the text,
whatever the pattern. Source: Watchtower's FilterByNames and image name filters.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import re2

from updates.engine.container import ContainerSummary
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference

MAX_PATTERN_LENGTH = 1000
# What may stand in a name's pattern: the containers' own letters, and these wildcards.
_WILDCARDS = {"*": ".*", "?": "."}


def is_named(container: ContainerSummary, names: Collection[str], *, as_regex: bool) -> bool:
    """True if one of the names or patterns is this container's, with or without its slash."""
    if as_regex:
        spelled = (container.name, f"/{container.name}")
        return any(fits_regex(name, spelled) for name in names)
    return any(matches(name.lstrip("/"), container.name) for name in names)


def on_host(names: Collection[str], host: str) -> tuple[str, ...]:
    """The names that count on this host, without it: "nas/web" is web on the host nas alone."""
    parts = (name.lstrip("/").rpartition("/") for name in names)
    return tuple(own for place, _, own in parts if place in ("", host))


def is_of_image(container: ContainerSummary, images: Collection[str], *, as_regex: bool) -> bool:
    """True if one of the image names or patterns is this container's.

    "nginx" is nginx with any tag, "docker.io/library/nginx:1" is "nginx:1", and the colon of a
    port ("nas:5000/web") starts no tag.
    """
    spelled = image_spellings(container.image)
    if as_regex:
        return any(fits_regex(image, spelled) for image in images)
    return any(matches(image, text) for image in images for text in spelled)


def image_spellings(image: str) -> tuple[str, ...]:
    """The ways to write an image's name: as given and in full, each with and without its tag."""
    try:
        reference = Reference.parse(image)
    except InvalidReference:
        return (image,)
    bare = image.partition("@")[0]
    folder, slash, last = bare.rpartition("/")
    untagged = folder + slash + last.partition(":")[0]
    full = f"{reference.domain}/{reference.path}"
    return image, bare, untagged, reference.canonical, full


def matches(pattern: str, name: str) -> bool:
    """True if the whole name fits the pattern, in which `*` and `?` are wildcards."""
    expression = "".join(_WILDCARDS.get(char) or re.escape(char) for char in pattern)
    return _compiled(expression).fullmatch(name) is not None


def fits_regex(pattern: str, texts: Iterable[str]) -> bool:
    """True if one of the texts is the pattern letter by letter, or fits it as a whole.

    A pattern that is no regular expression is a plain name, as in Watchtower.
    """
    known = tuple(texts)
    if pattern in known:
        return True
    if why_not_regex(pattern):
        return False
    return any(_compiled(pattern).fullmatch(text) for text in known)


def why_not_regex(pattern: str) -> str:
    """The sentence that says why this is no regular expression to use; "" when it is one."""
    if len(pattern) > MAX_PATTERN_LENGTH:
        return f"A pattern has at most {MAX_PATTERN_LENGTH} letters."
    try:
        _compiled(pattern)
    except re2.error:
        return f"{pattern!r} is not a regular expression of the RE2 syntax."
    return ""


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(expression, options)
