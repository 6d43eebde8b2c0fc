"""CA bundles: read what a person pasted, refuse what cannot work, re-emit the rest.

OpenSSL itself takes a leaf certificate, an expired one or a private key without a word,
and an empty text means "all system roots" to Python; so everything is looked at here.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from updates.registry.errors import TrustError

MAX_BUNDLE_BYTES = 1024 * 1024
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_LABELS = frozenset({"CERTIFICATE", "X509 CERTIFICATE"})
_TO_PEM = 'convert it with "openssl x509 -inform der -in ca.der"'


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a person wants to know of a CA certificate. Names as RFC 4514 writes them."""

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint_sha256: str


@dataclass(frozen=True, slots=True)
class CABundle:
    """`pem` holds the certificates alone, each once, in the form OpenSSL surely reads."""

    pem: str
    certificates: tuple[Certificate, ...]


def load_ca_bundle(pem: str, *, now: datetime, expired_may_stay: bool = False) -> CABundle:
    """Read and judge a CA bundle. `now` is aware. Raises TrustError with the first complaint.

    `expired_may_stay` is for a bundle that was accepted earlier: what has expired since is
    left out, and only a bundle with nothing else is refused.
    """
    _refuse_unreadable_text(pem)
    parsed = [_parse(number, *block.groups()) for number, block in _blocks(pem)]
    certificates = list({c.fingerprint(hashes.SHA256()): c for c in parsed}.values())
    for certificate in certificates:
        _refuse_leaf(certificate)
    alive = [c for c in certificates if now <= c.not_valid_after_utc]
    judged = alive if expired_may_stay and alive else certificates
    for certificate in judged:
        _refuse_outside_validity(certificate, now)
    text = "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in judged)
    return CABundle(text, tuple(_described(c) for c in judged))


def _refuse_unreadable_text(pem: str) -> None:
    if len(pem.encode(errors="replace")) > MAX_BUNDLE_BYTES:
        raise TrustError("The CA bundle is larger than 1 MB.")
    if not pem.strip("\ufeff \t\r\n"):
        raise TrustError("The CA bundle is empty.")
    if "PRIVATE KEY-----" in pem:
        raise TrustError(
            "The CA bundle holds a private key: remove it, only certificates belong here."
        )
    if "-----BEGIN " not in pem:
        raise TrustError(_why_not_pem(pem))
    if "-----\\n" in pem:
        raise TrustError('The CA bundle is one line with "\\n" in it: put line breaks there.')


def _why_not_pem(text: str) -> str:
    if any(c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n") for c in text):
        return f"The CA bundle is binary (DER), not PEM text: {_TO_PEM}."
    try:
        is_der = base64.b64decode("".join(text.split()), validate=True).startswith(b"\x30")
    except (binascii.Error, ValueError):
        is_der = False
    if is_der:
        return "The CA bundle lacks its BEGIN CERTIFICATE and END CERTIFICATE lines."
    return "The CA bundle is not PEM: it has no BEGIN CERTIFICATE line."


def _blocks(pem: str) -> list[tuple[int, re.Match[str]]]:
    """The numbered PEM blocks. Text before a block is a comment; text after the last is not."""
    blocks = list(_BLOCK.finditer(pem))
    if len(blocks) < pem.count("-----BEGIN "):
        raise TrustError("The CA bundle is truncated: a BEGIN line has no END line.")
    if pem[blocks[-1].end() :].strip():
        raise TrustError("The CA bundle has something after its last certificate: remove it.")
    return list(enumerate(blocks, start=1))


def _parse(number: int, label: str, body: str) -> x509.Certificate:
    if label not in _LABELS:
        raise TrustError(f"Block {number} of the CA bundle is a {label}, not a CERTIFICATE.")
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise TrustError(
            f"Certificate {number} of the CA bundle is damaged or cut short."
        ) from error


def _refuse_leaf(certificate: x509.Certificate) -> None:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        is_ca = constraints.value.ca
    except x509.ExtensionNotFound:
        is_ca = False
    except ValueError as error:
        raise TrustError(f"{_name(certificate)} has unreadable extensions.") from error
    if not is_ca:
        raise TrustError(
            f"{_name(certificate)} is not a CA certificate: give the one that signed it."
        )


def _refuse_outside_validity(certificate: x509.Certificate, now: datetime) -> None:
    if now > certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date().isoformat()
        raise TrustError(f"{_name(certificate)} expired on {day}.")
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date().isoformat()
        raise TrustError(f"{_name(certificate)} is not valid before {day}.")


def _name(certificate: x509.Certificate) -> str:
    return f'The certificate "{certificate.subject.rfc4514_string()}"'


def _described(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
    )
