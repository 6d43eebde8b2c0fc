"""The TLS step of a connection test: the chain, and which trust accepted it."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from updates.language import gettext as _
from updates.language import gettext_noop
from updates.registry.config import RegistryConfig
from updates.registry.errors import RegistryError
from updates.registry.failures import explain
from updates.registry.opening import bundle_of, context_of, host_and_port
from updates.registry.probing.findings import Details, Outcome
from updates.registry.tls.certificates import Certificate, describe
from updates.registry.tls.chain import Handshake, shake_hands
from updates.registry.tls.pem import read_certificates
from updates.registry.tls.trust import TrustMode, ssl_context

WARN_DAYS = 30
_PLAIN = gettext_noop("Plain HTTP: nothing is encrypted, no password either.")
_PLAIN_ENGINES = gettext_noop(
    "They pull over plain HTTP only from loopback, and from what insecure-registries in"
    " /etc/docker/daemon.json lists."
)
type Judgement = tuple[Outcome, str, Details]


class TLSRefused(Exception):
    """The handshake failed: `error` says why, `details` what the server showed all the same."""

    def __init__(self, error: RegistryError, details: Details) -> None:
        super().__init__(str(error))
        self.error = error
        self.details = details


@dataclass(frozen=True, slots=True)
class TLSProbe:
    """Shakes hands with a registry as its client would, and looks at what it was shown."""

    config: RegistryConfig
    clock: Callable[[], float]
    timeout_s: float

    def judge(self) -> Judgement:
        """Raises TLSRefused, TransportError, or TrustError for a trust that cannot be used."""
        if self.config.plain_http:
            return Outcome.WARNING, _(_PLAIN), ((_("Engines"), _(_PLAIN_ENGINES)),)
        shaken = self._shaken(context_of(self.config, self.clock))
        shown = (*self._client_certificate(shaken), *certificates(shaken.chain))
        if shaken.failure is not None:
            error = explain(shaken.failure, self.config.address)
            raise TLSRefused(error, shown) from shaken.failure
        trusted = self._believed(shaken) if shaken.is_verified else self._unbelieved()
        outcome, sentence, hints = trusted
        if warnings := tuple(self._warnings(shaken)):
            outcome, sentence = Outcome.WARNING, " ".join((sentence, *warnings))
        connection = (_("Connection"), f"{shaken.version}, {shaken.cipher}")
        return outcome, sentence, (connection, *hints, *shown)

    def _shaken(self, context: ssl.SSLContext) -> Handshake:
        host, port = host_and_port(self.config)
        try:
            return shake_hands(host, port, context, timeout_s=self.timeout_s)
        except (OSError, ValueError) as error:
            raise explain(error, self.config.address) from error

    def _believed(self, shaken: Handshake) -> Judgement:
        """Whose word it was that the chain is good."""
        bundle = bundle_of(self.config, self.clock)
        saved = {one.fingerprint_sha256 for one in bundle.certificates} if bundle else set()
        end = next((one for one in shaken.chain if one.fingerprint_sha256 in saved), None)
        if end is None:
            return Outcome.OK, _("Trusted by the system's authorities."), ()
        hint = _("They need this CA too, in %(place)s, to pull.") % {"place": self._place}
        said = _("Trusted by the saved CA “%(subject)s”.") % {"subject": end.subject}
        return Outcome.OK, said, ((_("Engines"), hint),)

    def _unbelieved(self) -> Judgement:
        context = ssl_context(TrustMode.SYSTEM, None, self.config.client_certificate)
        failure = self._shaken(context).failure
        hint = _("They verify for themselves, with the CA in %(place)s.") % {"place": self._place}
        if isinstance(failure, ssl.SSLCertVerificationError):
            why = str(explain(failure, self.config.address))
        elif failure is not None:
            why = _("Whether the system's authorities would trust it cannot be told.")
        else:
            why = _("The system's authorities would trust it: let them.")
        hints = () if failure is None else ((_("Engines"), hint),)
        said = _("Insecure: anybody could be answering. %(why)s") % {"why": why}
        return Outcome.WARNING, said, hints

    @property
    def _place(self) -> str:
        return f"/etc/docker/certs.d/{self.config.domain}/ca.crt"

    def _warnings(self, shaken: Handshake) -> Iterator[str]:
        now = datetime.fromtimestamp(self.clock(), UTC)
        ending = [one for one in shaken.chain if one.expires_within(WARN_DAYS, now=now)]
        if ending:
            first = min(ending, key=lambda one: one.not_after)
            if first.not_after >= now:
                said = _("The certificate “%(subject)s” ends on %(day)s.")
            else:
                said = _("The certificate “%(subject)s” ended on %(day)s.")
            yield said % {"subject": first.subject, "day": f"{first.not_after:%Y-%m-%d}"}
        if shaken.asks_for_client and self.config.client_certificate is None:
            yield _("It asks for a client certificate, and none is saved.")

    def _client_certificate(self, shaken: Handshake) -> Details:
        """What became of ours; nothing if there is none and nobody asked."""
        own = self.config.client_certificate
        if own is None:
            words = _("asked for, and none is saved") if shaken.asks_for_client else ""
        elif shaken.asks_for_client is None:
            words = _("shown if the registry asks for one")
        elif shaken.asks_for_client:
            first, *__ = read_certificates(own.certificate_pem, what="client certificate")
            words = _("asked for; %(subject)s is shown") % {"subject": describe(first).subject}
        else:
            words = _("not asked for, and not shown")
        return ((_("Client certificate"), words),) if words else ()


def certificates(chain: tuple[Certificate, ...]) -> Details:
    """The certificates as details, the server's own first."""
    labels = [_("Certificate"), *[_("Signed by")] * len(chain)]
    return tuple(zip(labels, map(_words, chain), strict=False))


def _words(one: Certificate) -> str:
    said = _("%(subject)s, issued by %(issuer)s, until %(day)s, SHA-256 %(fingerprint)s")
    return said % {
        "subject": one.subject,
        "issuer": one.issuer,
        "day": f"{one.not_after:%Y-%m-%d}",
        "fingerprint": one.fingerprint_sha256,
    }
