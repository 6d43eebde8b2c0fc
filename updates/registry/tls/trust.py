"""Whom a registry's connection trusts: the mode, the bundle, and the TLS context of both."""

import ssl
from dataclasses import dataclass
from enum import StrEnum

from updates.registry.tls.ca_file import load_ca_file
from updates.registry.tls.certificates import CABundle, Certificate, add_bundle, load_ca_bundle
from updates.registry.tls.client_certificate import ClientCertificate, add_client_certificate

__all__ = [
    "CABundle",
    "Certificate",
    "ClientCertificate",
    "TrustDefaults",
    "TrustMode",
    "load_ca_bundle",
    "load_ca_file",
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
class TrustDefaults:
    """What holds for every registry that has no trust of its own: CAs to add, or no verifying."""

    ca_pem: str = ""
    insecure: bool = False


def ssl_context(
    mode: TrustMode, bundle: CABundle | None, client: ClientCertificate | None = None
) -> ssl.SSLContext:
    """A client context that trusts what the mode says and nothing else.

    Raises TrustError when the mode needs a bundle and there is none, or when the client
    certificate cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Python 3.13 changes both defaults: a CA must mean the same on every Python.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if mode in (TrustMode.SYSTEM, TrustMode.SYSTEM_AND_CA):
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if mode.needs_ca:
        add_bundle(context, bundle)
    if mode is TrustMode.INSECURE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if client is not None:
        add_client_certificate(context, client)
    return context
