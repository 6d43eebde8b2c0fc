"""The WWW-Authenticate header: `scheme [token68 | name=value, ...], scheme ...`.

Servers send what they like, so nothing here raises: what cannot be read is left out.
Every pattern is possessive or bounded, so that 64 KB of rubbish cost linear time.
Source: RFC 9110, section 11.6.1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"  # noqa: S105
_SCHEME = re.compile(_TOKEN)
_TOKEN68 = re.compile(r"[ \t]++([A-Za-z0-9._~+/-]++=*+)[ \t]*+(?=,|\Z)")
_PARAMETER = re.compile(
    rf'({_TOKEN})[ \t]*+=[ \t]*+(?:"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|([^\s,"]*+))', re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_GAP = re.compile(r"[ \t,]*+")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way in that a server offers. Scheme and parameter names are lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    token68: str = ""

    @property
    def realm(self) -> str:
        return self.parameters.get("realm", "")

    @property
    def service(self) -> str:
        return self.parameters.get("service", "")

    @property
    def scope(self) -> str:
        return self.parameters.get("scope", "")


def parse_challenges(values: Iterable[str]) -> tuple[Challenge, ...]:
    """All challenges of all WWW-Authenticate headers, in their order."""
    return tuple(challenge for value in values for challenge in _parse_header(value))


def choose_challenge(challenges: Iterable[Challenge]) -> Challenge | None:
    """The challenge to answer: Bearer with a realm before Basic; None if there is neither."""
    known = tuple(challenges)
    bearer = (c for c in known if c.scheme == "bearer" and c.realm)
    basic = (c for c in known if c.scheme == "basic")
    return next(bearer, None) or next(basic, None)


def _parse_header(text: str) -> Iterator[Challenge]:
    scheme, token68, parameters = "", "", dict[str, str]()
    position = 0
    while (position := _end(_GAP, text, position)) < len(text):
        if parameter := _PARAMETER.match(text, position):
            name, quoted, plain = parameter.groups()
            value = plain if quoted is None else _ESCAPE.sub(r"\1", quoted)
            parameters.setdefault(name.lower(), value)
            position = parameter.end()
        elif found := _SCHEME.match(text, position):
            if scheme:
                yield Challenge(scheme, MappingProxyType(parameters), token68)
            scheme, token68, parameters = found[0].lower(), "", {}
            position = found.end()
            if credential := _TOKEN68.match(text, position):
                token68, position = credential[1], credential.end()
        else:
            position += 1
    if scheme:
        yield Challenge(scheme, MappingProxyType(parameters), token68)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
