"""The certificate that a registry's own host showed last, on connections that were made anyhow."""

import ssl
from contextlib import suppress

from cryptography import x509

from updates.registry.tls.certificates import Certificate, describe
from updates.registry.tls.pem import UNREADABLE


class ShownCertificate:
    """Looks at every connection, and keeps what the registry itself showed.

    Token services and hosts that a redirect leads to are passed over. Used by many threads at once.
    """

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._der: bytes | None = None

    @property
    def certificate(self) -> Certificate | None:
        """None before the first connection, without TLS, or when it cannot be read."""
        if self._der is None:
            return None
        with suppress(*UNREADABLE):
            return describe(x509.load_der_x509_certificate(self._der))
        return None

    def look_at(self, host: str, port: int, sock: object) -> None:
        """Keep the certificate of a new connection, verified or not."""
        if (host, port) == self._place and isinstance(sock, ssl.SSLSocket):
            self._der = sock.getpeercert(binary_form=True)
