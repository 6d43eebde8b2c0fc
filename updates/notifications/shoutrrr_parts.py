"""A shoutrrr URL taken apart, and an Apprise URL put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode

_YES = {"yes", "true", "1", "on"}


@dataclass(frozen=True, slots=True)
class Parts:
    """A URL taken apart; everything is decoded but the path's slashes."""

    user: str
    password: str
    host: str
    place: str  # host[:port]
    path: tuple[str, ...]
    query: Mapping[str, str]

    def says(self, name: str) -> bool:
        return self.query.get(name, "").lower() in _YES

    def listed(self, name: str) -> list[str]:
        return [one for one in self.query.get(name, "").split(",") if one]


def parts_of(split: SplitResult) -> Parts:
    query = {
        # Names of headers ("@") and of more keys ("$") are a person's own.
        name if name[:1] in "@$" else name.lower(): value
        for name, value in parse_qsl(split.query)
    }
    path = tuple(unquote(one) for one in split.path.split("/") if one)
    place = split.netloc.rpartition("@")[2]
    # The host keeps its letters: tokens stand there.
    host = place.rpartition(":")[0] if split.port else place.rstrip(":")
    return Parts(
        unquote(split.username or ""), unquote(split.password or ""), host, place, path, query
    )


def joined(scheme: str, place: str, *path: str, user: str = "", **query: str) -> str:
    """`user` is quoted already."""
    at = f"{user}@" if user else ""
    steps = "".join(f"/{quote(one, safe='@!:')}" for one in path)
    asked = {name: value for name, value in query.items() if value}
    return f"{scheme}://{at}{place}{steps}" + (f"?{urlencode(asked)}" if asked else "")


def login(parts: Parts) -> str:
    names = (parts.user, parts.password) if parts.password else (parts.user,)
    return ":".join(quote(one, safe="") for one in names)


def needed(value: str) -> str:
    if not value:
        raise IndexError
    return value
