"""What requests, urllib3, OpenSSL and the resolver raise, in words for the person who must act.

Their own texts hold URLs with query strings, so none of them is ever passed on.
"""

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from updates.registry.errors import (
    NotARegistry,
    RegistryError,
    TLSFailure,
    TransportError,
    Unreachable,
)

_HOSTNAME_CODES = frozenset({62, 63, 64})
_UNKNOWN_ISSUER_CODES = frozenset({2, 18, 19, 20, 21})
_NOT_YET_VALID_CODE = 9
_EXPIRED_CODE = 10
_PLAIN_HTTP_REASONS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER", "PACKET_LENGTH")
_CLIENT_REASONS = ("ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_UNKNOWN_CA")
_CLIENT_CERTIFICATE = "{host} wants a client certificate, and does not accept what it was shown."


def explain(error: BaseException, host: str) -> RegistryError:
    """The error of ours that a foreign exception means."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, RegistryError):
            return cause
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _explain_tls(cause, host)
    for cause in causes:
        if found := _explain_connection(cause, host):
            return found
    return TransportError(f"{host} broke the connection off before its answer was whole.")


def _explain_connection(cause: BaseException, host: str) -> RegistryError | None:
    match cause:
        case socket.gaierror():
            return Unreachable(f"The name {host} cannot be resolved: check it, and the DNS server.")
        case urllib3.exceptions.ConnectTimeoutError() | requests.ConnectTimeout():
            return Unreachable(f"{host} does not accept a connection: it did not answer in time.")
        case ConnectionRefusedError():
            return Unreachable(f"{host} refuses connections: nothing listens there.")
        case TimeoutError() | urllib3.exceptions.ReadTimeoutError() | requests.ReadTimeout():
            return TransportError(f"{host} took the request but did not answer in time.")
        case urllib3.exceptions.NewConnectionError():
            return Unreachable(f"There is no way to {host} from here: check network and firewall.")
        case requests.exceptions.InvalidURL() | urllib3.exceptions.LocationValueError():
            return NotARegistry(f"{host} is, or leads to, an address that is none.")
    return None


def _explain_tls(error: ssl.SSLError, host: str) -> TransportError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_certificate(error, host)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TransportError(f"{host} broke the encrypted connection off.")
    reason = error.reason or ""
    if any(part in reason for part in _CLIENT_REASONS):
        return TLSFailure(_CLIENT_CERTIFICATE.format(host=host))
    if any(part in reason for part in _PLAIN_HTTP_REASONS):
        return TLSFailure(
            f"{host} speaks plain HTTP here, not TLS: allow plain HTTP if that is meant."
        )
    return TLSFailure(
        f"{host} and this program cannot agree on TLS ({reason or 'no reason given'})."
    )


def _explain_certificate(error: ssl.SSLCertVerificationError, host: str) -> TLSFailure:
    code = error.verify_code
    if code in _HOSTNAME_CODES:
        return TLSFailure(f"The certificate of {host} is made out to other names.")
    if code == _EXPIRED_CODE:
        return TLSFailure(f"The certificate of {host} has expired.")
    if code == _NOT_YET_VALID_CODE:
        return TLSFailure(f"The certificate of {host} is not valid yet: compare the clocks.")
    if code in _UNKNOWN_ISSUER_CODES:
        return TLSFailure(
            f"No trusted CA signed the certificate of {host}: give this registry its CA."
        )
    return TLSFailure(f"The certificate of {host} is not accepted: {error.verify_message}.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception with everything it wraps, outermost first; each once."""
    queue, seen = [error], set[int]()
    while queue:
        current = queue.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        wrapped = (getattr(current, "reason", None), *current.args)
        linked = (*wrapped, current.__cause__, current.__context__)
        queue.extend(item for item in linked if isinstance(item, BaseException))
