"""Who asks, and how far that reaches: by header, by cookie, or by the address.

The header is Watchtower's: "Bearer TOKEN", or the token alone. The environment's tokens are
compared in constant time.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from updates.api.bearer import token_of
from updates.models import ApiToken
from updates.models.api_token import Scope

NAME = "access_token"  # Of the cookie, and in the address.
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever presented a token. `token` None: the environment's, which belongs to nobody."""

    scope: Scope
    token: ApiToken | None = field(default=None, repr=False)

    @property
    def user(self) -> User | None:
        return self.token.owner if self.token else None

    def allows(self, scope: Scope) -> bool:
        """Whether the token, and the rights of its owner, reach so far."""
        return self.token.allows(scope) if self.token else self.scope.covers(scope)


def by_header(request: HttpRequest) -> Caller | None:
    """The caller that the Authorization header names."""
    if is_same(_header(request), settings.WATCHTOWER_HTTP_API_TOKEN):
        return Caller(Scope.UPDATE)
    return _of(token_of(request))


def by_cookie(request: HttpRequest) -> Caller | None:
    """The caller of the cookie `access_token`.

    Only for what changes nothing: a browser sends a cookie along with requests that other sites
    make it send.
    """
    secret = request.COOKIES.get(NAME, "")
    if is_same(secret, settings.WATCHTOWER_HTTP_API_TOKEN):
        return Caller(Scope.READ)
    return _of(ApiToken.objects.presented(secret))


def by_events_token(request: HttpRequest) -> Caller | None:
    """The caller of the environment's token for events, by header or in the address."""
    expected = settings.WATCHTOWER_HTTP_API_EVENTS_TOKEN
    given = (_header(request), request.GET.get(NAME, ""))
    return Caller(Scope.READ) if any(is_same(one, expected) for one in given) else None


def by_address(request: HttpRequest) -> Caller | None:
    """The caller of `?access_token=`, whose token may do nothing but read.

    Addresses are kept in logs and histories: a token that may do more is refused there.
    """
    caller = _of(ApiToken.objects.presented(request.GET.get(NAME, "")))
    return caller if caller and caller.scope == Scope.READ else None


def is_same(given: str, expected: str) -> bool:
    """True if it is the secret; how long that takes tells nothing of it. "" is nobody's."""
    digests = (sha256(one.encode("utf-8", "replace")).digest() for one in (given, expected))
    return hmac.compare_digest(*digests) and bool(expected)


def _of(token: ApiToken | None) -> Caller | None:
    return Caller(Scope(token.scope), token) if token else None


def _header(request: HttpRequest) -> str:
    value = request.headers.get("Authorization", "").strip()
    if value[: len(_SCHEME)].lower() == _SCHEME:
        value = value[len(_SCHEME) :].strip()
    return value
