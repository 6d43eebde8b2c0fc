"""Amazon ECR: an access key, or the worker's own role, for a login of twelve hours.

One GetAuthorizationToken call through boto3. Everything else is boto3's own: which role a
worker without a saved key has, proxies and CA bundle from the environment (HTTPS_PROXY,
AWS_CA_BUNDLE), another endpoint (AWS_ENDPOINT_URL_ECR).
Source: Amazon ECR's API reference, GetAuthorizationToken.
"""

import base64
import logging
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    RateLimited,
    RegistryError,
    RegistryFailure,
    TLSFailure,
)
from updates.registry.failures import explain
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.kinds import ecr_region
from updates.registry.logins.short_lived import ShortLived

_CONNECT_TIMEOUT_S = 5
_READ_TIMEOUT_S = 10
_ATTEMPTS = 2
_REFUSED = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_SLOW_DOWN = frozenset(
    {"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
# What botocore's parser, and a look at what it makes, raise when the answer has another shape.
_GARBLED = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
_MISSING = "Amazon ECR needs a library that is not installed: pip install 'watchweb[aws]'."


def ecr_token(domain: str, saved: Credentials | None) -> ShortLived:
    """Trade an access key (ID and secret as user name and password) for the registry's login.

    None trades the worker's own role. For the errors see `broker_of`.
    """
    _refuse_beforehand(domain)
    from botocore.exceptions import BotoCoreError, ClientError

    # At DEBUG botocore logs what it is answered, tokens included.
    logging.getLogger("botocore").setLevel(logging.INFO)
    try:
        with closing(_client(domain, saved)) as client:
            return _ask(client, domain)
    except (BotoCoreError, ClientError) as error:
        # Not "from error": botocore's texts may hold the answer whole.
        raise _explained(error, domain, saved) from None


def _refuse_beforehand(domain: str) -> None:
    try:
        import boto3  # noqa: F401
    except ImportError as error:
        raise AuthError(_MISSING) from error
    if not ecr_region(domain):
        raise AuthError(f"{domain} is no private ECR registry: choose another kind for it.")


def _client(domain: str, saved: Credentials | None) -> Any:
    """boto3's client for the registry's region. Asks nobody yet."""
    from boto3.session import Session
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_TIMEOUT_S,
        read_timeout=_READ_TIMEOUT_S,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
    )
    try:
        session = Session(
            aws_access_key_id=saved.username if saved else None,
            aws_secret_access_key=saved.password if saved else None,
            region_name=ecr_region(domain),
        )
        return session.client("ecr", config=config)
    except ValueError as error:
        raise _unusable(error, domain) from None


def _ask(client: Any, domain: str) -> ShortLived:
    from botocore.parsers import ResponseParserError

    try:
        data = client.get_authorization_token()["authorizationData"][0]
        username, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        expires_at = data["expiresAt"].timestamp()
    except (ResponseParserError, *_GARBLED):
        username = password = ""
        expires_at = 0.0
    if not (username and password):
        raise NotARegistry(f"AWS sends something that is no login for {domain}.")
    return ShortLived(Credentials(username, password), expires_at)


def _explained(error: Any, domain: str, saved: Credentials | None) -> RegistryError:
    """The error of ours that an exception of botocore means."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _refusal(error.response, domain, saved)
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError):
        return _transport_failure(error, domain)
    if saved is None:
        return AuthError(
            f"{domain} needs an AWS login, and the worker has no role that can be used"
            f" ({type(error).__name__}): save an access key, or give the worker a role."
        )
    return _unusable(error, domain)


def _unusable(error: Exception, domain: str) -> AuthError:
    return AuthError(
        f"The AWS library cannot ask for a login for {domain} ({type(error).__name__}):"
        " look at the AWS settings in the worker's environment."
    )


def _transport_failure(error: Exception, domain: str) -> RegistryError:
    host = _host(error, domain)
    explained = explain(error, host)
    if isinstance(explained, TLSFailure):
        return TLSFailure(
            f"{host} is not trusted: if a proxy re-signs what passes through it, name its CA in"
            " AWS_CA_BUNDLE."
        )
    return explained


def _refusal(response: Any, domain: str, saved: Credentials | None) -> RegistryError:
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    whose = f"the access key saved for {domain}" if saved else "the role of the worker"
    if code in _REFUSED:
        return CredentialsRefused(f"AWS refuses {whose}: correct it, and compare the clocks.")
    if code == "AccessDeniedException":
        return AuthError(f"AWS does not let {whose} ask for a login: allow GetAuthorizationToken.")
    if code in _SLOW_DOWN or status == 429:
        return RateLimited(f"AWS wants fewer requests for a login for {domain}.")
    if status >= 500:
        return RegistryFailure(f"AWS gives no login for {domain} just now ({status}).")
    shown = code if code.isalnum() and len(code) <= 60 else status
    return AuthError(f"AWS gives {whose} no login ({shown}).")


def _host(error: Any, domain: str) -> str:
    """Who was asked, as far as botocore tells."""
    url = getattr(error, "kwargs", {}).get("endpoint_url", "")
    return urlsplit(url).netloc or f"api.ecr.{ecr_region(domain)}.amazonaws.com"
