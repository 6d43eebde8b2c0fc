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

type _Types = tuple[type[BaseException], ...]

_HOSTNAME_CODES = frozenset({62, 63, 64})
_UNKNOWN_ISSUER_CODES = frozenset({2, 18, 19, 20, 21})
_NOT_YET_VALID_CODE = 9
_EXPIRED_CODE = 10
_PLAIN_HTTP_REASONS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER", "PACKET_LENGTH")
_CLIENT_REASONS = ("ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_UNKNOWN_CA")
# The first that fits any of the causes: urllib3 counts a refused connection as a time-out.
_CONNECTION_RULES: tuple[tuple[_Types, type[RegistryError], str], ...] = (
    (
        (socket.gaierror,),
        Unreachable,
        "The name {host} cannot be resolved: check it, and the DNS server.",
    ),
    (
        (ConnectionRefusedError,),
        Unreachable,
        "{host} refuses connections: nothing listens there.",
    ),
    (
        (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError),
        TransportError,
        "{host} took the request but did not answer in time.",
    ),
    (
        (TimeoutError,),
        Unreachable,
        "{host} does not accept a connection: it did not answer in time.",
    ),
    (
        (urllib3.exceptions.NewConnectionError,),
        Unreachable,
        "There is no way to {host} from here: check network and firewall.",
    ),
    (
        (requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError),
        NotARegistry,
        "{host} is, or leads to, an address that is none.",
    ),
)
_CLIENT_CERTIFICATE = "{host} wants a client certificate, and does not accept what it was shown."


def explain(error: BaseException, host: str) -> RegistryError:
    """The error of ours that a foreign exception means."""
    # A redirect may put anything into the host.
    host = "".join(c if c.isprintable() else "?" for c in host)
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, RegistryError):
            return cause
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _explain_tls(cause, host)
    for foreign, own, sentence in _CONNECTION_RULES:
        if any(isinstance(cause, foreign) for cause in causes):
            return own(sentence.format(host=host))
    return TransportError(f"{host} broke the connection off before its answer was whole.")


def _explain_tls(error: ssl.SSLError, host: str) -> TransportError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_certificate(error, host)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TransportError(
            f"{host} broke the encrypted connection off: it may want a client certificate."
        )
    reason = error.reason or ""
    if any(part in reason for part in _CLIENT_REASONS):
        return TLSFailure(_CLIENT_CERTIFICATE.format(host=host))
    if any(part in reason for part in _PLAIN_HTTP_REASONS):
        return TLSFailure(
            f"{host} speaks plain HTTP here, not TLS: allow plain HTTP if that is meant."
        )
    return TLSFailure(
        f"{host} and this program cannot agree on TLS ({reason or 'no reason given'}):"
        " it may want another version, or a client certificate."
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
