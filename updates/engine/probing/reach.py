"""Whether anybody takes a connection at an engine's address, and how it is protected."""

import socket
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from cryptography import x509

from updates.engine.border import translate
from updates.engine.endpoint import Endpoint, TLSMaterial
from updates.engine.probing.findings import Details, Finding, Outcome, Step
from updates.language import gettext as _
from updates.language import gettext_noop

_PORTS = {"ssh": 22, "http": 80, "https": 443}
OPEN_TO_ALL = gettext_noop(
    "Not encrypted, and nobody is asked who they are: whoever reaches this port rules the machine. "
    "Use TLS with a client certificate, or SSH."
)


def connect(endpoint: Endpoint, timeout_s: float) -> str:
    """Connect and let go again; what was reached, in words. Raises EngineError."""
    url = endpoint.base_url
    try:
        if url.startswith("unix://"):
            with _unix(url.removeprefix("unix://"), timeout_s):
                return _("The socket takes connections.")
        with _tcp(urlsplit(url), timeout_s) as sock:
            address, port = sock.getpeername()[:2]
            said = _("%(address)s takes connections on port %(port)d.")
            return said % {"address": address, "port": port}
    except OSError as error:
        raise translate(error, endpoint.url) from error


def protection(endpoint: Endpoint, timeout_s: float) -> Finding:
    """How the connection is protected, with the server's certificate. Raises EngineError."""
    url = endpoint.base_url
    if url.startswith("unix://"):
        return Finding(Step.TLS, Outcome.OK, _("A socket of this machine: no TLS is needed."))
    if url.startswith("ssh://"):
        said = _("SSH encrypts the connection: no TLS is needed.")
        return Finding(Step.TLS, Outcome.OK, said)
    if url.startswith("http://"):
        return Finding(Step.TLS, Outcome.WARNING, _(OPEN_TO_ALL))
    return _tls(endpoint, urlsplit(url), timeout_s)


def _tls(endpoint: Endpoint, parts: SplitResult, timeout_s: float) -> Finding:
    material = endpoint.tls or TLSMaterial()
    try:
        context = material.context()
        with (
            _tcp(parts, timeout_s) as sock,
            context.wrap_socket(sock, server_hostname=parts.hostname) as secured,
        ):
            shown, version = secured.getpeercert(binary_form=True), secured.version()
    except (OSError, ValueError) as error:
        raise translate(error, endpoint.url) from error
    if material.cert:
        said = _("%(version)s: its certificate is trusted; the client certificate goes along.")
    else:
        said = _("%(version)s: its certificate is trusted; no client certificate is kept.")
    details = _described(shown) if shown else ()
    return Finding(Step.TLS, Outcome.OK, said % {"version": version}, details=details)


def _described(der: bytes) -> Details:
    with suppress(ValueError):
        found = x509.load_der_x509_certificate(der)
        return (
            (_("Certificate of"), found.subject.rfc4514_string() or _("nobody named")),
            (_("Issued by"), found.issuer.rfc4514_string() or _("nobody named")),
            (_("Valid until"), f"{found.not_valid_after_utc:%Y-%m-%d}"),
        )
    return ()


def _tcp(parts: SplitResult, timeout_s: float) -> socket.socket:
    port = parts.port or _PORTS[parts.scheme]
    return socket.create_connection((parts.hostname or "", port), timeout_s)


def _unix(path: str, timeout_s: float) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout_s)
        sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock
