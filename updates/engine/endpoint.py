"""Where an engine is, and the TLS material to reach it."""

import os
import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from updates.language import gettext as _

SCHEMES = ("unix", "tcp", "http", "https", "ssh")


@dataclass(frozen=True, slots=True)
class TLSMaterial:
    """PEM texts. `ca` "" trusts the system's authorities; `cert` "" shows no certificate."""

    ca: str = ""
    cert: str = ""
    key: str = field(default="", repr=False)

    def context(self) -> ssl.SSLContext:
        """A context that verifies, always. Raises ssl.SSLError for unusable PEM."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.ca:
            context.load_verify_locations(cadata=self.ca)
        else:
            context.load_default_certs()
        if self.cert or self.key:
            _load_client_certificate(context, self.cert, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An engine's address. A tcp:// address with TLS material is spoken to over https."""

    url: str
    tls: TLSMaterial | None = None

    @property
    def base_url(self) -> str:
        """The address in the form that an HTTP client takes."""
        scheme, _, rest = self.url.partition("://")
        if scheme == "tcp":
            return f"{'https' if self.tls else 'http'}://{rest}".rstrip("/")
        return self.url.rstrip("/")


def check_url(url: str) -> str:
    """The address as given, if an engine can have it. Raises ValueError with the reason."""
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError(_("An engine's address holds no spaces or line breaks."))
    try:
        parts = urlsplit(url)
    except ValueError as error:
        said = _("The host in the address is not one: %(why)s.")
        raise ValueError(said % {"why": error}) from error
    if parts.scheme not in SCHEMES or "://" not in url:
        raise ValueError(_("An engine's address starts with unix://, tcp://, https:// or ssh://."))
    if parts.query or parts.fragment:
        raise ValueError(_("An engine's address has no “?” or “#”."))
    if parts.scheme == "unix":
        _check_socket(parts)
    else:
        _check_host(parts)
    return url


def _check_socket(parts: SplitResult) -> None:
    if parts.netloc or len(parts.path) < 2:
        raise ValueError(_("A socket's address has three slashes: unix:///var/run/docker.sock."))


def _check_host(parts: SplitResult) -> None:
    # Messages here leave the address out: it may hold a password by mistake.
    if parts.password is not None or (parts.username and parts.scheme != "ssh"):
        raise ValueError(_("An engine's address holds no user name (but for ssh://) or password."))
    if not parts.hostname:
        raise ValueError(_("The address names no host."))
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(_("The port in the address is not a number from 1 to 65535.")) from error
    if port == 0 or (port is None and parts.scheme == "tcp"):
        raise ValueError(_("The address needs a port, e.g. tcp://10.0.0.5:2376."))
    if parts.path.strip("/") and parts.scheme in ("tcp", "ssh"):
        raise ValueError(_("The address ends with its host and port."))


def _load_client_certificate(context: ssl.SSLContext, cert: str, key: str) -> None:
    """Python loads a key from a path only: a file in memory keeps it off the disk."""
    descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb") as file:
        file.write(f"{cert.strip()}\n{key.strip()}\n".encode())
        file.flush()
        # An encrypted key would ask for its password on the terminal: the empty one fails.
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password="")
