"""PEM texts as people paste them: the blocks, or a sentence that says what is wrong.

Every sentence names what was read (`what`: "CA bundle", "client certificate"), and none
repeats its content.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from updates.registry.errors import TrustError

MAX_PEM_BYTES = 1024 * 1024
# What `cryptography` raises for a certificate that it cannot read; not all are ValueErrors.
UNREADABLE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
# A body ends at the first five dashes: a thousand BEGIN lines still cost linear time.
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]++)-----((?:(?!-----).)*+)-----END \1-----", re.DOTALL)
_LABELS = frozenset({"CERTIFICATE", "X509 CERTIFICATE"})
_ADVICE = {
    "CERTIFICATE REQUEST": "give the certificate that a CA made of it",
    "NEW CERTIFICATE REQUEST": "give the certificate that a CA made of it",
    "PKCS7": 'convert it with "openssl pkcs7 -print_certs"',
    "CMS": 'convert it with "openssl pkcs7 -print_certs"',
    "TRUSTED CERTIFICATE": 'convert it with "openssl x509"',
    "PUBLIC KEY": "give the certificate that holds it",
}


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between a BEGIN and its END line. `body` may be a key."""

    label: str
    body: str = field(repr=False)


def read_blocks(text: str, *, what: str) -> tuple[Block, ...]:
    """The PEM blocks, at least one. Text before a block is a comment; after the last it is not.

    Raises TrustError: too large, empty, no PEM, cut short, or with something behind.
    """
    _refuse_unreadable_text(text, what)
    found = list(_BLOCK.finditer(text))
    if len(found) < text.count("-----BEGIN "):
        raise TrustError(f"The {what} is truncated: a BEGIN line has no END line.")
    if len(found) < text.count("-----END "):
        raise TrustError(f"The {what} is truncated: an END line has no BEGIN line.")
    if text[found[-1].end() :].strip():
        raise TrustError(f"The {what} has something after its last END line: remove it.")
    return tuple(Block(*block.groups()) for block in found)


def read_certificates(text: str, *, what: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM text that may hold nothing else. Raises TrustError."""
    if "PRIVATE KEY-----" in text and len(text) <= MAX_PEM_BYTES:
        raise TrustError(
            f"The {what} holds a private key: remove it, only certificates belong here."
        )
    blocks = read_blocks(text, what=what)
    return tuple(_certificate(n, block, what) for n, block in enumerate(blocks, start=1))


def _refuse_unreadable_text(text: str, what: str) -> None:
    if len(text.encode(errors="replace")) > MAX_PEM_BYTES:
        raise TrustError(f"The {what} is larger than 1 MB.")
    if not text.strip("\ufeff \t\r\n"):
        raise TrustError(f"The {what} is empty.")
    if "-----BEGIN " not in text:
        raise TrustError(_why_not_pem(text, what))
    if "-----\\n" in text or "-----\\r" in text:
        raise TrustError(f'The {what} is one line with "\\n" in it: put line breaks there.')


def _why_not_pem(text: str, what: str) -> str:
    if any(c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n") for c in text):
        return (
            f"The {what} is binary (DER), not PEM text: convert it with"
            ' "openssl x509 -inform der -in FILE".'
        )
    try:
        is_der = base64.b64decode("".join(text.split()), validate=True).startswith(b"\x30")
    except (binascii.Error, ValueError):
        is_der = False
    if is_der:
        return f"The {what} lacks its BEGIN and END lines: give the whole file."
    return f"The {what} is not PEM: it has no BEGIN line."


def _certificate(number: int, block: Block, what: str) -> x509.Certificate:
    if block.label not in _LABELS:
        advice = _ADVICE.get(block.label, "only certificates belong here")
        raise TrustError(
            f"Block {number} of the {what} is a {block.label[:40]}, not a CERTIFICATE: {advice}."
        )
    try:
        der = base64.b64decode("".join(block.body.split()), validate=True)
        certificate = x509.load_der_x509_certificate(der)
        _read_whole(certificate)
    except UNREADABLE as error:
        raise TrustError(f"Certificate {number} of the {what} is damaged or cut short.") from error
    return certificate


def _read_whole(certificate: x509.Certificate) -> None:
    """Read now what `cryptography` reads late, so that nobody later needs to expect its errors."""
    for name in (certificate.subject, certificate.issuer):
        name.rfc4514_string()
    _ = certificate.extensions, certificate.not_valid_before_utc, certificate.not_valid_after_utc
