"""Where an image comes from: the addresses that its labels name, and what follows from them.

Labels are written by whoever built the image: only plain web addresses are taken.
Source: the OCI image specification, annotations.md; label-schema.org for older images.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from updates.language import gettext as _
from updates.language import gettext_noop
from updates.registry.reference import DOCKER_HUB, Reference

_OCI = "org.opencontainers.image."
_NAMED = (
    (gettext_noop("Source"), "source", "vcs-url"),
    (gettext_noop("Home page"), "url", "url"),
    (gettext_noop("Documentation"), "documentation", "usage"),
)
_OLD = "org.label-schema."
_MAX_LENGTH = 500
# Branches and "latest" are no releases.
_RELEASE = re.compile(r"v?\d[\w.+-]{0,100}")
_RELEASES = {"github.com": "/releases/tag/", "gitlab.com": "/-/releases/"}
_REPOSITORY = re.compile(r"(/[\w.-]+/[\w.-]+?)(?:\.git)?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is http or https, without a user in it."""

    label: str
    url: str


def links_of(labels: Mapping[str, str], reference: Reference | None) -> list[Link]:
    """The image's own pages, its release notes, and its page at the registry; each once."""
    found = [*_named(labels), *_released(labels), *_at_registry(reference)]
    return list({link.url: link for link in reversed(found)}.values())[::-1]


def version_of(labels: Mapping[str, str]) -> str:
    return _label(labels, "version", "version")


def revision_of(labels: Mapping[str, str]) -> str:
    return _label(labels, "revision", "vcs-ref")


def _named(labels: Mapping[str, str]) -> Iterator[Link]:
    for label, name, old in _NAMED:
        if url := web_address(_label(labels, name, old)):
            yield Link(_(label), url)


def _released(labels: Mapping[str, str]) -> Iterator[Link]:
    """Where the two best known forges keep the notes of a version."""
    source, version = web_address(_label(labels, "source", "vcs-url")), version_of(labels)
    parts = urlsplit(source)
    place = _RELEASES.get(parts.hostname or "")
    repository = _REPOSITORY.match(parts.path)
    if place and repository and _RELEASE.fullmatch(version):
        url = f"https://{parts.hostname}{repository[1]}{place}{quote(version)}"
        yield Link(_("Release notes of %(version)s") % {"version": version}, url)


def _at_registry(reference: Reference | None) -> Iterator[Link]:
    if reference is None:
        return
    path = reference.path
    if reference.domain == DOCKER_HUB:
        official = path.removeprefix("library/")
        place = f"_/{official}" if official != path else f"r/{path}"
        yield Link("Docker Hub", f"https://hub.docker.com/{place}")
    elif reference.domain in ("ghcr.io", "quay.io"):
        stem = "repository/" if reference.domain == "quay.io" else ""
        yield Link(reference.domain, f"https://{reference.domain}/{stem}{path}")


def web_address(text: str) -> str:
    """The text if it is a plain web address, else ""."""
    if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        return ""
    try:
        parts = urlsplit(text)
        is_plain = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        return ""
    return text if is_plain and "@" not in parts.netloc else ""


def _label(labels: Mapping[str, str], name: str, old: str) -> str:
    return str(labels.get(_OCI + name) or labels.get(_OLD + old) or "").strip()
