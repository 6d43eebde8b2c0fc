"""CA bundles: read what a person pasted, refuse what cannot work, re-emit the rest.

OpenSSL itself takes a leaf certificate, an expired one or a private key without a word,
and an empty text means "all system roots" to Python; so everything is looked at here, and
what passes is then loaded as the transport loads it.
"""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from updates.registry.errors import TrustError
from updates.registry.tls.pem import MAX_PEM_BYTES, read_certificates

MAX_BUNDLE_BYTES = MAX_PEM_BYTES
_MAX_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a person wants to know of a certificate. Names as RFC 4514 writes them, times aware."""

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint_sha256: str

    def expires_within(self, days: int, *, now: datetime) -> bool:
        """Whether it has expired, or will in that many days. `now` is aware."""
        return self.not_after - now < timedelta(days=days)


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
    parsed = read_certificates(pem, what="CA bundle")
    certificates = list({c.fingerprint(hashes.SHA256()): c for c in parsed}.values())
    for certificate in certificates:
        _refuse_leaf(certificate)
    alive = [c for c in certificates if now <= c.not_valid_after_utc]
    judged = alive if expired_may_stay and alive else certificates
    for certificate in judged:
        refuse_outside_validity(certificate, now)
    _refuse_unloadable(judged)
    return CABundle("".join(map(pem_of, judged)), tuple(describe(c) for c in judged))


def add_bundle(context: ssl.SSLContext, bundle: CABundle | None) -> None:
    """Let a context trust the bundle too. Raises TrustError when there is none to trust."""
    # An empty cadata would load the system's roots instead of none.
    if bundle is None or not bundle.pem:
        raise TrustError("This trust mode needs a CA certificate, and none is saved.")
    try:
        context.load_verify_locations(cadata=bundle.pem)
    except ssl.SSLError as error:
        raise TrustError("OpenSSL does not accept a certificate of the CA bundle.") from error


def refuse_outside_validity(certificate: x509.Certificate, now: datetime) -> None:
    """Raises TrustError for a certificate that has expired, or is not valid yet."""
    if now > certificate.not_valid_after_utc:
        day = certificate.not_valid_after_utc.date().isoformat()
        raise TrustError(f"{_name(certificate)} expired on {day}.")
    if now < certificate.not_valid_before_utc:
        day = certificate.not_valid_before_utc.date().isoformat()
        raise TrustError(f"{_name(certificate)} is not valid before {day}.")


def describe(certificate: x509.Certificate) -> Certificate:
    """A certificate as people look at it."""
    return Certificate(
        subject=_readable(certificate.subject),
        issuer=_readable(certificate.issuer),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def pem_of(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _refuse_leaf(certificate: x509.Certificate) -> None:
    if _may_sign(certificate.extensions):
        return
    if certificate.subject == certificate.issuer:
        raise TrustError(
            f"{_name(certificate)} is not a CA certificate, and nobody but itself signed it:"
            " make a CA, and sign the registry's certificate with it."
        )
    raise TrustError(f"{_name(certificate)} is not a CA certificate: give the one that signed it.")


def _may_sign(extensions: x509.Extensions) -> bool:
    """Whether a certificate may be a CA, as OpenSSL sees it."""
    try:
        if not extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        return False
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _refuse_unloadable(certificates: list[x509.Certificate]) -> None:
    """Raises TrustError for a certificate that OpenSSL would not take for a CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for count, certificate in enumerate(certificates, start=1):
        add_bundle(context, CABundle(pem_of(certificate), ()))
        if context.cert_store_stats()["x509_ca"] != count:
            raise TrustError(f"{_name(certificate)} is no CA that OpenSSL would accept.")


def _name(certificate: x509.Certificate) -> str:
    return f'The certificate "{_readable(certificate.subject)}"'


def _readable(name: x509.Name) -> str:
    """The name in one line: who makes a certificate may put anything into its name."""
    text = name.rfc4514_string()[:_MAX_NAME_CHARS]
    return "".join(c if c.isprintable() else "?" for c in text)
