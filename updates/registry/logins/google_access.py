"""Google Artifact Registry: a service account's key, or the worker's own, for an hour's token.

google-auth does the exchange. Its own are: which account a worker without a saved key has
(application default credentials), and proxies and CA bundle from the environment
(HTTPS_PROXY, REQUESTS_CA_BUNDLE).
Source: Artifact Registry's documentation, "Configure authentication to Docker".
"""

import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests

from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    RegistryError,
    RegistryFailure,
    TLSFailure,
)
from updates.registry.failures import explain
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.google_key import read_google_key
from updates.registry.logins.kinds import GOOGLE_TOKEN_USER
from updates.registry.logins.short_lived import ShortLived

_TIMEOUT_S = 10
# To read is enough: one scope for Artifact Registry, one for the older Container Registry.
_SCOPES = (
    "https://www.googleapis.com/auth/cloud-platform.read-only",
    "https://www.googleapis.com/auth/devstorage.read_only",
)
_REFUSED = frozenset({"invalid_client", "invalid_grant", "unauthorized_client"})
_MISSING = (
    "Google's registries need a library that is not installed: pip install 'watchweb[google]'."
)


def google_token(domain: str, saved: Credentials | None) -> ShortLived:
    """Trade a service account's JSON key (the password) for the registry's access token.

    None trades the worker's application default credentials. For the errors see `broker_of`.
    """
    try:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request
    except ImportError as error:
        raise AuthError(_MISSING) from error

    # At DEBUG google-auth attaches to its log records what it sends: the signed assertion.
    logging.getLogger("google").setLevel(logging.INFO)
    key = read_google_key(saved.password) if saved else None
    with requests.Session() as session:
        request = partial(Request(session), timeout=_TIMEOUT_S)
        try:
            account = _account(key, request)
            account.refresh(request)
            return _short_lived(account)
        except GoogleAuthError as error:
            # Not "from error": the texts of google-auth's errors may hold the answer whole.
            raise _explained(error, domain, key) from None
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
            raise NotARegistry(f"Google sends something that is no token for {domain}.") from None


def _account(key: dict[str, Any] | None, request: Any) -> Any:
    """google-auth's credentials: those of the key, or what the worker's environment offers."""
    import google.auth
    from google.oauth2 import service_account

    if key is not None:
        own: Any = service_account.Credentials
        return own.from_service_account_info(key, scopes=_SCOPES)
    try:
        return google.auth.default(scopes=_SCOPES, request=request)[0]
    except (OSError, UnicodeError) as error:
        raise AuthError(
            "The file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read."
        ) from error


def _short_lived(account: Any) -> ShortLived:
    """Raises AttributeError or ValueError if the token or its end is missing."""
    if not isinstance(account.token, str) or not account.token:
        raise ValueError("no token")
    # google-auth's times are UTC without saying so.
    expires_at: datetime = account.expiry.replace(tzinfo=UTC)
    return ShortLived(Credentials(GOOGLE_TOKEN_USER, account.token), expires_at.timestamp())


def _explained(error: Any, domain: str, key: dict[str, Any] | None) -> RegistryError:
    """The error of ours that an exception of google-auth means."""
    from google.auth import exceptions

    if isinstance(error, exceptions.TransportError):
        return _transport_failure(error, key)
    if isinstance(error, exceptions.RefreshError):
        return _refusal(error, domain, key)
    return AuthError(
        f"{domain} needs a Google login, and the worker has no service account that can be used:"
        " save a JSON key, or give the worker an account."
    )


def _refusal(error: Any, domain: str, key: dict[str, Any] | None) -> RegistryError:
    whose = f"the key saved for {domain}" if key else "the service account of the worker"
    details = error.args[1] if len(error.args) > 1 else None
    code = details.get("error") if isinstance(details, dict) else None
    if isinstance(code, str) and code in _REFUSED:
        return CredentialsRefused(f"Google refuses {whose}: correct it, and compare the clocks.")
    if error.retryable:
        return RegistryFailure(f"Google gives no token for {domain} just now.")
    return AuthError(f"Google gives {whose} no token: see whether it is enabled.")


def _transport_failure(error: Exception, key: dict[str, Any] | None) -> RegistryError:
    host = urlsplit(key["token_uri"]).netloc if key else "Google's token service"
    explained = explain(error, host)
    if isinstance(explained, TLSFailure):
        return TLSFailure(
            f"{host} is not trusted: if a proxy re-signs what passes through it, name its CA in"
            " REQUESTS_CA_BUNDLE."
        )
    return explained
