"""The certificates that a registry's row holds, as people look at them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_noop

from updates.models import Registry
from updates.models.ending import EXPIRY_WARNING
from updates.registry.errors import TrustError
from updates.registry.tls.certificates import Certificate, describe
from updates.registry.tls.pem import read_certificates

CA = gettext_noop("CA")
CLIENT = gettext_noop("client")


@dataclass(frozen=True, slots=True)
class Held:
    """One certificate and what it is there for: "CA" or "client"."""

    role: str
    certificate: Certificate

    @property
    def is_expired(self) -> bool:
        return self.certificate.not_after <= timezone.now()

    @property
    def is_expiring(self) -> bool:
        """Whether it is valid still, and will not be in 30 days."""
        return not self.is_expired and self.certificate.not_after <= timezone.now() + EXPIRY_WARNING

    @property
    def fingerprint(self) -> str:
        """SHA-256 as most programs write it: `AB:CD:…`."""
        digits = self.certificate.fingerprint_sha256.upper()
        return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))


def held_by(row: Registry) -> list[Held]:
    """All of them, those that have expired too; a text that cannot be read holds none."""
    return [*_read(row.ca_pem, CA), *_read(row.client_cert, CLIENT)]


def _read(pem: str, role: str) -> Iterator[Held]:
    try:
        parsed = read_certificates(pem, what=role) if pem else ()
    except TrustError:
        return
    yield from (Held(role, describe(certificate)) for certificate in parsed)
