"""The JSON key of a Google service account, as a person pastes it."""

import base64
import binascii
import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from updates.registry.errors import AuthError

_FIELDS = ("client_email", "private_key", "token_uri")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_WHOLE_FILE = "paste the whole JSON file that Google gave for it."


def read_google_key(secret: str) -> dict[str, Any]:
    """The key as google-auth takes it; `secret` is the file's text, plain or in base64.

    Raises AuthError, a sentence without any part of the key, if it cannot work: not JSON, of
    another type, incomplete, without an RSA key, or with a token service on plain HTTP.
    """
    document = _document(secret)
    if not isinstance(document, dict):
        raise AuthError(f"This is no key of a service account: {_WHOLE_FILE}")
    if document.get("type") != "service_account":
        raise AuthError("This JSON is not the key of a service account: make one of that type.")
    for field in _FIELDS:
        if not isinstance(document.get(field), str) or not document[field]:
            raise AuthError(f'The key of the service account lacks "{field}": {_WHOLE_FILE}')
    _refuse_broken_key(document["private_key"])
    _refuse_plain_http(document["token_uri"])
    return document


def _document(secret: str) -> Any:
    """None if it is no JSON."""
    try:
        text = secret if secret.lstrip().startswith("{") else base64.b64decode(secret).decode()
        return json.loads(text)
    except (ValueError, RecursionError, binascii.Error):
        return None


def _refuse_broken_key(pem: str) -> None:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise AuthError(f"The private key of the service account is broken: {_WHOLE_FILE}")


def _refuse_plain_http(token_uri: str) -> None:
    if not _is_safe(token_uri):
        raise AuthError(f"The token_uri of the service account is no https address: {_WHOLE_FILE}")


def _is_safe(url: str) -> bool:
    """Whether a signed assertion may be sent there; plain HTTP only within this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    )
