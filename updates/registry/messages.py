"""What goes over the wire and comes back, and where a redirect may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from updates.registry.errors import NotARegistry


class Kind(StrEnum):
    """What a request is for."""

    PING = "ping"
    TOKEN = "token"  # noqa: S105
    MANIFEST = "manifest"
    CONFIG = "config"

    @property
    def max_body_bytes(self) -> int:
        return _MAX_BODY_BYTES.get(self, 64 * 1024)


_MAX_BODY_BYTES = {Kind.MANIFEST: 4 * 1024 * 1024, Kind.CONFIG: 1024 * 1024}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it went over the wire, for those who count. No answer: `status` None."""

    method: str
    host: str
    kind: Kind
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Call:
    """A request to make. A `form` is sent as the body of a POST.

    Only with `if_none_match`, an ETag, may the answer be a 304.
    """

    method: str
    url: str
    kind: Kind
    authorization: str = field(default="", repr=False)
    accept: str = "*/*"
    if_none_match: str = ""
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """`url` is where the answer came from, after redirects.

    `body` is whole at 200, the beginning at 429, and else empty.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    challenges: tuple[str, ...]
    body: bytes = field(repr=False)


def host_of(url: str) -> str:
    """Host and port as the URL has them, without user, path and query: fit for a message."""
    host = urlsplit(url).netloc.rpartition("@")[2][:255]
    # A redirect may put anything there.
    return host if host.isprintable() else "".join(c if c.isprintable() else "?" for c in host)


def origin_of(url: str) -> tuple[str, str, int]:
    """What must be equal for a secret to travel on: scheme, host and port."""
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname or "", parts.port or default


def next_hop(call: Call, location: str | None) -> Call:
    """The call that a redirect asks for, without secrets if it leads elsewhere.

    Raises NotARegistry for a redirect that must not be followed.
    """
    here = host_of(call.url)
    try:
        url = urljoin(call.url, location)
        origin = origin_of(url)
    except ValueError:
        location = None
    if not location or origin[0] not in ("http", "https") or not origin[1]:
        raise NotARegistry(f"{here} redirects to nowhere.")
    if origin[0] == "http" and call.url.startswith("https:"):
        raise NotARegistry(f"{here} redirects from https to http, which is not followed.")
    if origin == origin_of(call.url):
        return replace(call, url=url)
    if call.kind is Kind.TOKEN:
        raise NotARegistry(f"{here} redirects a token request to {host_of(url)}: not followed.")
    return replace(call, url=url, authorization="", if_none_match="")
