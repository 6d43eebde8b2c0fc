"""Credentials for a bearer token, at the realm a challenge names.

Source: distribution's token authentication specification (token.md, oauth.md).
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from updates.registry.answers import refuse_token
from updates.registry.config import RegistryConfig
from updates.registry.credentials import Credentials
from updates.registry.errors import NotARegistry
from updates.registry.messages import Answer, Call, Kind, host_of
from updates.registry.realm import Bearer, check_realm
from updates.registry.tokens import Token
from updates.registry.transport import Transport

_CLIENT_ID = "watchweb"
_DEFAULT_LIFE_S = 60.0
_MAX_LIFE_S = 24 * 3600.0
_SENDABLE = re.compile(r"[\x21-\x7e]{1,16384}")


def exchange(
    bearer: Bearer,
    scope: str,
    config: RegistryConfig,
    *,
    transport: Transport,
    clock: Callable[[], float],
) -> Token:
    """Ask the realm for a token, anonymously if the registry has no credentials.

    One request: a GET, or a POST for an identity token. `expires_at` is at least 60 s away.
    Raises CredentialsRefused or AuthError if the realm refuses, TransportError if it cannot be
    reached, NotARegistry if it sends rubbish.
    """
    check_realm(bearer, config)
    credentials = config.credentials
    answer = transport.send(_call(bearer, scope, credentials))
    if answer.status != 200:
        refuse_token(
            answer, domain=config.domain, has_credentials=credentials is not None, now=clock()
        )
    return _token(answer, now=clock())


def _call(bearer: Bearer, scope: str, credentials: Credentials | None) -> Call:
    if credentials is not None and credentials.identity_token:
        form = {
            "grant_type": "refresh_token",
            "service": bearer.service,
            "client_id": _CLIENT_ID,
            "refresh_token": credentials.identity_token,
        }
        form |= {"scope": scope} if scope else {}
        return Call("POST", bearer.realm, Kind.TOKEN, accept="application/json", form=form)
    return Call(
        "GET",
        _with_query(bearer, scope, account=credentials.username if credentials else ""),
        Kind.TOKEN,
        authorization=credentials.basic if credentials else "",
        accept="application/json",
    )


def _with_query(bearer: Bearer, scope: str, *, account: str) -> str:
    """The realm, its own query kept, with what is asked of it."""
    parts = urlsplit(bearer.realm)
    wanted = [("service", bearer.service), ("account", account)]
    query = [(name, value) for name, value in wanted if value]
    # One parameter each: several scopes in one are read by few servers.
    query += [("scope", one) for one in scope.split()]
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined, fragment=""))


def _token(answer: Answer, *, now: float) -> Token:
    host = host_of(answer.url)
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise NotARegistry(f"The token service {host} sends something that is no token.")
    # Old Harbor and some others send "access_token" only.
    value = document.get("token") or document.get("access_token")
    if not isinstance(value, str) or not _SENDABLE.fullmatch(value):
        raise NotARegistry(f"The token service {host} sends no usable token.")
    life_s = _life_s(document.get("expires_in"))
    return Token(value, _issued_at(document.get("issued_at"), now, life_s) + life_s)


def _life_s(value: Any) -> float:
    """Seconds; at least 60, which the specification promises to clients that ignore the field."""
    try:
        life_s = float(value)
    except (TypeError, ValueError):
        return _DEFAULT_LIFE_S
    return min(max(life_s, _DEFAULT_LIFE_S), _MAX_LIFE_S) if life_s == life_s else _DEFAULT_LIFE_S


def _issued_at(value: Any, now: float, life_s: float) -> float:
    """When the token was made, if the server's clock can be believed; else now.

    A server whose clock is slow would otherwise hand out tokens that are never fresh.
    """
    try:
        issued = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return now
    moment = (issued if issued.tzinfo else issued.replace(tzinfo=UTC)).timestamp()
    return moment if now - life_s / 2 < moment <= now else now
