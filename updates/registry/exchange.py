"""Credentials for a bearer token, at the realm a challenge names.

Source: distribution's token authentication specification (token.md, oauth.md).
"""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit

from updates.registry.answers import refuse_token
from updates.registry.config import RegistryConfig
from updates.registry.logins.credentials import Credentials
from updates.registry.messages import Call, Kind
from updates.registry.realm import Bearer, check_realm
from updates.registry.token_document import read_token
from updates.registry.tokens import Token
from updates.registry.transport import Transport

_CLIENT_ID = "watchweb"


def exchange(
    bearer: Bearer,
    scope: str,
    config: RegistryConfig,
    *,
    transport: Transport,
    clock: Callable[[], float],
) -> Token:
    """Ask the realm for a token, anonymously if the registry has no credentials.

    One request: a GET, or a POST for an identity token. `expires_at` is at least 30 s away.
    Raises CredentialsRefused or AuthError if the realm refuses, TransportError if it cannot be
    reached, NotARegistry if it sends rubbish.
    """
    check_realm(bearer, config)
    credentials = config.credentials
    answer = transport.send(_call(bearer, scope, credentials))
    if answer.status != 200:
        refuse_token(answer, domain=config.domain, credentials=credentials, now=clock())
    return read_token(answer, now=clock())


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
