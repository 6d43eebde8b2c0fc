"""The certificate this program shows to a registry that asks for one (mTLS), and its key."""

import os
import ssl
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from updates.registry.errors import TrustError
from updates.registry.tls.certificates import Certificate, describe, pem_of, refuse_outside_validity
from updates.registry.tls.pem import UNREADABLE, Block, read_blocks, read_certificates

_CERTIFICATE = "client certificate"
_KEY = "client key"


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate with its chain behind it, and its unencrypted key; both PEM."""

    certificate_pem: str
    key_pem: str = field(repr=False)


def load_client_certificate(certificate_pem: str, key_pem: str, *, now: datetime) -> Certificate:
    """Judge a pair before it is saved; what its certificate says. `now` is aware.

    Certificates behind the first one are its chain; any will do. Raises TrustError with the
    first complaint.
    """
    pair = ClientCertificate(certificate_pem, key_pem)
    (own, *_), _key = _read(pair)
    refuse_outside_validity(own, now)
    add_client_certificate(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), pair)
    return describe(own)


def add_client_certificate(context: ssl.SSLContext, client: ClientCertificate) -> None:
    """Let a context show the certificate. Raises TrustError if the pair cannot be used.

    Loaded from memory: OpenSSL wants a path, and the key must never be on a disk.
    """
    certificates, key = _read(client)
    descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write("".join(map(pem_of, certificates)).encode())
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or "no reason given"
        raise TrustError(
            f"OpenSSL does not accept the client certificate with its key ({reason})."
        ) from error
    finally:
        os.close(descriptor)


def _read(client: ClientCertificate) -> tuple[tuple[x509.Certificate, ...], PrivateKeyTypes]:
    """The certificates and their key. Raises TrustError, also when they do not belong together."""
    certificates = read_certificates(client.certificate_pem, what=_CERTIFICATE)
    key = _key(_key_block(client.key_pem))
    if _belongs(key, certificates[0]):
        return certificates, key
    if any(_belongs(key, other) for other in certificates):
        raise TrustError(
            "The client certificate that the key belongs to must come first, its chain after it."
        )
    raise TrustError("The client key does not belong to the client certificate.")


def _key_block(text: str) -> Block:
    """The one private key of a text. Raises TrustError when there is none, or it is locked."""
    # "openssl ecparam" writes EC PARAMETERS before the key; the key holds them as well.
    keys = [b for b in read_blocks(text, what=_KEY) if b.label.endswith("PRIVATE KEY")]
    if not keys:
        raise TrustError("The client key holds no private key: it has no BEGIN PRIVATE KEY line.")
    if len(keys) > 1:
        raise TrustError("The client key holds several private keys: give one.")
    if keys[0].label == "ENCRYPTED PRIVATE KEY" or "4,ENCRYPTED" in keys[0].body:
        raise TrustError(
            'The client key is encrypted: take its password away with "openssl pkey -in FILE".'
        )
    return keys[0]


def _key(block: Block) -> PrivateKeyTypes:
    body = "\n".join(block.body.split())
    text = f"-----BEGIN {block.label}-----\n{body}\n-----END {block.label}-----\n"
    try:
        return load_pem_private_key(text.encode(), password=None)
    except UNREADABLE as error:
        raise TrustError("The client key is damaged, or of a kind unknown here.") from error


def _belongs(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    try:
        return key.public_key() == certificate.public_key()
    except UNREADABLE:
        return False
