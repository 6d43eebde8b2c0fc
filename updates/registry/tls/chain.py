"""One TLS handshake, and the certificates it showed: for people who want to see whom they trust."""

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from updates.registry.tls.certificates import Certificate, describe
from updates.registry.tls.pem import UNREADABLE

_MAX_SHOWN = 10
_HANDSHAKE = 22  # RFC 8446, 5.1
_CERTIFICATE_REQUEST = 13  # RFC 8446, 4


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a TLS handshake showed; all it showed up to its `failure`, if it failed.

    `chain` goes from the server's own certificate upwards. `is_verified` False: it is what the
    server sent, and nobody vouches for it. `asks_for_client` says whether the server wanted a
    client certificate; None if that cannot be told.
    """

    version: str
    cipher: str
    chain: tuple[Certificate, ...]
    is_verified: bool
    asks_for_client: bool | None
    failure: OSError | None = None


def shake_hands(host: str, port: int, context: ssl.SSLContext, *, timeout_s: float) -> Handshake:
    """Connect, agree on TLS, and hang up; nothing else is sent.

    The context is watched, so it is for this one handshake. Raises OSError if there is no
    connection, ValueError for a host that is none.
    """
    messages = _incoming(context)
    failure: OSError | None = None
    with (
        socket.create_connection((host, port), timeout=timeout_s) as plain,
        context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as secure,
    ):
        try:
            secure.do_handshake()
        except OSError as error:
            failure = error
        cipher = secure.cipher()
        is_verified = failure is None and context.verify_mode is ssl.CERT_REQUIRED
        return Handshake(
            version=secure.version() or "",
            cipher=cipher[0] if cipher else "",
            chain=described(chain_of(secure, is_verified=is_verified)),
            is_verified=is_verified,
            asks_for_client=_CERTIFICATE_REQUEST in messages if messages else None,
            failure=failure,
        )


def chain_of(secure: ssl.SSLSocket, *, is_verified: bool) -> tuple[bytes, ...]:
    """The certificates of a connection, DER; the server's own alone if Python shows no others.

    The methods are public from Python 3.13. Before, they are one layer below.
    """
    name = "get_verified_chain" if is_verified else "get_unverified_chain"
    for owner in (secure, getattr(secure, "_sslobj", None)):
        if method := getattr(owner, name, None):
            return tuple(_der(one) for one in method() or ())
    try:
        own = secure.getpeercert(binary_form=True)
    except ValueError:  # The handshake broke off before.
        own = None
    return (own,) if own else ()


def described(chain: Sequence[bytes]) -> tuple[Certificate, ...]:
    """The certificates as people look at them, ten at the most."""
    certificates = []
    for der in chain[:_MAX_SHOWN]:
        try:
            certificates.append(describe(x509.load_der_x509_certificate(der)))
        except UNREADABLE:
            # OpenSSL takes more than this can read: the others are still worth showing.
            continue
    return tuple(certificates)


def _der(certificate: Any) -> bytes:
    if isinstance(certificate, bytes):
        return certificate
    return ssl.PEM_cert_to_DER_cert(certificate.public_bytes())


def _incoming(context: ssl.SSLContext) -> set[int]:
    """Will hold the type of each handshake message that arrives.

    Nothing public tells that a server asks for a client certificate. Where Python no longer has
    this hook of its own, the set stays empty.
    """
    types: set[int] = set()

    def note(_: object, direction: str, __: int, content: int, message: int, ___: bytes) -> None:
        if direction == "read" and content == _HANDSHAKE:
            types.add(message)

    if hasattr(context, "_msg_callback"):
        context._msg_callback = note
    return types
