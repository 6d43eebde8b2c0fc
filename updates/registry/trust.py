"""Whom a registry's connection trusts: the mode, the bundle, and the TLS context of both."""

import os
import ssl
from dataclasses import dataclass, field
from enum import StrEnum

from updates.registry.certificates import CABundle, Certificate, load_ca_bundle
from updates.registry.errors import TrustError

__all__ = [
    "CABundle",
    "Certificate",
    "ClientCertificate",
    "TrustMode",
    "load_ca_bundle",
    "ssl_context",
]


class TrustMode(StrEnum):
    """The roots a connection accepts."""

    SYSTEM = "system"
    SYSTEM_AND_CA = "system+ca"
    CA_ONLY = "ca"
    INSECURE = "insecure"

    @property
    def needs_ca(self) -> bool:
        return self in (TrustMode.SYSTEM_AND_CA, TrustMode.CA_ONLY)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """The certificate this program shows (mTLS), and its unencrypted key; both PEM."""

    certificate_pem: str
    key_pem: str = field(repr=False)


def ssl_context(
    mode: TrustMode, bundle: CABundle | None, client: ClientCertificate | None = None
) -> ssl.SSLContext:
    """A client context that trusts what the mode says and nothing else.

    Raises TrustError when the mode needs a bundle and there is none, or when OpenSSL cannot
    use the client certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Python 3.13 changes both defaults: a CA must mean the same on every Python.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if mode in (TrustMode.SYSTEM, TrustMode.SYSTEM_AND_CA):
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if mode.needs_ca:
        _add_bundle(context, bundle)
    if mode is TrustMode.INSECURE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if client is not None:
        _add_client_certificate(context, client)
    return context


def _add_bundle(context: ssl.SSLContext, bundle: CABundle | None) -> None:
    # An empty cadata would load the system's roots instead of none.
    if bundle is None or not bundle.pem:
        raise TrustError("This trust mode needs a CA certificate, and none is saved.")
    try:
        context.load_verify_locations(cadata=bundle.pem)
    except ssl.SSLError as error:
        raise TrustError("OpenSSL does not accept a certificate of the CA bundle.") from error


def _add_client_certificate(context: ssl.SSLContext, client: ClientCertificate) -> None:
    """Load it from memory: OpenSSL wants a path, and the key must never be on a disk."""
    descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(f"{client.certificate_pem}\n{client.key_pem}\n".encode())
        # The password keeps OpenSSL from asking for one on the terminal.
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password="")
    except (ssl.SSLError, ValueError) as error:
        raise TrustError(
            "The client certificate and its key cannot be used: they must be PEM, belong"
            " together, and the key must not be encrypted."
        ) from error
    finally:
        os.close(descriptor)
