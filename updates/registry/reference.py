"""Image references: `[domain[:port]/]path[:tag][@digest]`.

Source: github.com/distribution/reference, regexp.go and normalize.go.
"""

import re
from dataclasses import dataclass
from typing import Self

from updates.registry.errors import InvalidReference

DOCKER_HUB = "docker.io"
_HUB_API_HOST = "registry-1.docker.io"
_HUB_ALIAS = "index.docker.io"
_HUB_NAMES = frozenset({_HUB_ALIAS, _HUB_API_HOST, "hub.docker.com", "registry.hub.docker.com"})
_OFFICIAL = "library/"
_MAX_PATH_CHARS = 255

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_IMAGE_ID = re.compile(r"(?:sha256:)?[a-f0-9]{64}")


def is_image_id(text: str) -> bool:
    """Whether the text is an engine's image ID and not the name of anything in a registry."""
    return _IMAGE_ID.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Whether the text is a digest this program can compare: sha256, sha384 or sha512."""
    return _DIGEST.fullmatch(text) is not None


def normalize_domain(text: str) -> str:
    """The domain that references use for a registry as people and config.json write it.

    `https://index.docker.io/v1/` -> `docker.io`. Raises InvalidReference.
    """
    domain = text.strip().removeprefix("https://").removeprefix("http://").split("/", 1)[0]
    if domain.lower() in _HUB_NAMES | {DOCKER_HUB}:
        return DOCKER_HUB
    if _DOMAIN.fullmatch(domain) is None:
        raise InvalidReference(f"{_quoted(text)} is not the address of a registry.")
    return domain


@dataclass(frozen=True, slots=True)
class Reference:
    """One image as a registry knows it. With a digest it is pinned, whatever its tag says."""

    domain: str
    path: str
    tag: str | None
    digest: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference as `docker pull` would. Raises InvalidReference."""
        if _is_bare_digest(text):
            raise InvalidReference(f"{_quoted(text)} is an image ID, not an image reference.")
        domain, remainder = _split_domain(text)
        name_and_tag, at, digest = remainder.partition("@")
        path, colon, tag = name_and_tag.partition(":")
        complaint = (
            _complaint_about_name(domain, path)
            or (colon and not _TAG.fullmatch(tag) and "its tag is malformed")
            or (at and not is_digest(digest) and "its digest is malformed")
        )
        if complaint:
            raise InvalidReference(f"{_quoted(text)} is not an image reference: {complaint}.")
        return cls(domain, path, tag if colon else None if at else "latest", digest if at else None)

    @property
    def repository(self) -> str:
        """`docker.io/library/nginx`: what RepoDigests are compared by."""
        return f"{self.domain}/{self.path}"

    @property
    def familiar_name(self) -> str:
        """The shortest name that reads back as the same repository: `nginx`."""
        return self._shortest("")

    @property
    def familiar(self) -> str:
        """`nginx:1.27`: what people write."""
        return self._shortest(self._suffix)

    @property
    def canonical(self) -> str:
        """`docker.io/library/nginx:1.27`: nothing left out."""
        return self.repository + self._suffix

    @property
    def is_pinned(self) -> bool:
        """Whether a digest fixes the content, so that no update can exist."""
        return self.digest is not None

    @property
    def api_host(self) -> str:
        """The host, with its port, that answers the registry API."""
        return api_host_of(self.domain)

    @property
    def _suffix(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    def _shortest(self, suffix: str) -> str:
        path = self.path
        if path.startswith(_OFFICIAL) and path.count("/") == 1:
            path = path.removeprefix(_OFFICIAL)
        # "docker.io/foo.bar/x" must not become "foo.bar/x", which is another registry, and
        # nothing must become an image ID.
        is_same = _split_domain(path) == (self.domain, self.path)
        is_short = is_same and not _is_bare_digest(path + suffix)
        return (path if is_short else self.repository) + suffix

    def __str__(self) -> str:
        return self.canonical


def api_host_of(domain: str) -> str:
    """Where a domain's API lives: only Docker Hub's is not the domain itself."""
    return _HUB_API_HOST if domain == DOCKER_HUB else domain


def _is_bare_digest(text: str) -> bool:
    return is_image_id(text) or is_digest(text)


def split_registry(text: str) -> tuple[str, str]:
    """What is before the first slash if it names a registry, else "", and the rest.

    `ubuntu:5000` names none, `localhost/x` does.
    """
    first, slash, rest = text.partition("/")
    is_domain = bool(slash) and (
        first == "localhost" or "." in first or ":" in first or first != first.lower()
    )
    return (first, rest) if is_domain else ("", text)


def _split_domain(text: str) -> tuple[str, str]:
    """The registry's domain, Docker Hub's if none is named, and the name there."""
    named, remainder = split_registry(text)
    domain = named or DOCKER_HUB
    if domain == _HUB_ALIAS:
        domain = DOCKER_HUB
    if domain == DOCKER_HUB and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return domain, remainder


def _complaint_about_name(domain: str, path: str) -> str:
    if path in ("", _OFFICIAL):
        return "it has no name"
    if _DOMAIN.fullmatch(domain) is None:
        return "its registry is malformed"
    if path != path.lower():
        return "the repository name must be lower case"
    if len(path) > _MAX_PATH_CHARS:
        return f"the repository name is longer than {_MAX_PATH_CHARS} characters"
    return "" if _PATH.fullmatch(path) else "its repository name is malformed"


def _quoted(text: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in text[:101])
    return f'"{printable[:100]}…"' if len(printable) > 100 else f'"{printable}"'
