"""A connection test: the requests of a check, one at a time, each with what it found.

Name, TLS, ping, challenge, token, manifest. It uses no stored token, and makes six requests at
the most beside those of a broken connection that is tried again.
"""

import ipaddress
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from updates.language import gettext as _
from updates.language import ngettext
from updates.registry.addresses import resolve
from updates.registry.answers import judge_ping, refuse_login
from updates.registry.challenge import Challenge, choose_challenge, parse_challenges
from updates.registry.client import RegistryClient
from updates.registry.config import RegistryConfig
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    RegistryError,
    Unreachable,
)
from updates.registry.exchange import exchange
from updates.registry.logins.credentials import fingerprint_of
from updates.registry.messages import Answer, Call, Kind, host_of, origin_of
from updates.registry.opening import host_and_port, open_transport
from updates.registry.probing.findings import Details, Finding, Outcome, ProbeStep
from updates.registry.probing.probe_tls import Judgement, TLSProbe, TLSRefused
from updates.registry.realm import Bearer, check_realm
from updates.registry.reference import Reference
from updates.registry.tokens import MemoryTokenStore, Token, TokenKey
from updates.registry.transport import Limits, Transport

__all__ = ["Finding", "Outcome", "ProbeStep", "probe"]

PROBE_LIMITS = Limits(connect_s=5.0, read_s=8.0, whole_s=12.0)
_MAX_SAID_CHARS = 200


def probe(
    config: RegistryConfig,
    reference: Reference | None,
    *,
    clock: Callable[[], float] = time.time,
    limits: Limits = PROBE_LIMITS,
) -> Iterator[Finding]:
    """One finding per step, as it is found. After a failure the others are not reached."""
    test = _Probe(config, reference, clock, limits)
    is_over = False
    try:
        for step in ProbeStep:
            if is_over:
                yield Finding(step, Outcome.SKIPPED, _("Not reached."))
                continue
            finding = _timed(step, getattr(test, f"try_{step.name.lower()}"))
            is_over = finding.outcome is Outcome.FAILED
            yield finding
    finally:
        test.close()


def _timed(step: ProbeStep, work: Callable[[], Judgement]) -> Finding:
    began = time.monotonic()
    try:
        outcome, sentence, details = work()
    except TLSRefused as error:
        outcome, sentence, details = Outcome.FAILED, str(error), error.details
    except RegistryError as error:
        outcome, sentence, details = Outcome.FAILED, str(error), ()
    return Finding(step, outcome, sentence, time.monotonic() - began, details)


@dataclass(slots=True)
class _Probe:
    config: RegistryConfig
    reference: Reference | None
    clock: Callable[[], float]
    limits: Limits
    asked: Answer | None = None
    challenge: Challenge | None = None
    _opened: Transport | None = None
    _tokens: MemoryTokenStore = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = MemoryTokenStore(self.clock)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def try_dns(self) -> Judgement:
        host, __ = host_and_port(self.config)
        if _is_address(host):
            said = _("%(host)s is an address: there is no name to look up.")
            return Outcome.OK, said % {"host": host}, ()
        addresses = sorted(resolve(host))
        if not addresses:
            said = _("The name %(host)s cannot be resolved: check it, and the DNS server.")
            raise Unreachable(said % {"host": host})
        count = len(addresses)
        said = ngettext(
            "%(host)s has %(count)d address.", "%(host)s has %(count)d addresses.", count
        )
        sentence = said % {"host": host, "count": count}
        return Outcome.OK, sentence, ((_("Addresses"), ", ".join(addresses)),)

    def try_tls(self) -> Judgement:
        return TLSProbe(self.config, self.clock, self.limits.connect_s).judge()

    def try_ping(self) -> Judgement:
        answer = self._ping()
        if answer.status == 401:
            self.asked = answer
            return Outcome.OK, _("It answers, and asks for a login."), _asked(answer)
        self._judge(answer)
        return Outcome.OK, _("It answers, and lets everybody in."), _asked(answer)

    def try_challenge(self) -> Judgement:
        if self.asked is None:
            return Outcome.SKIPPED, _("No login is asked for."), ()
        asker = self._asker
        challenges = parse_challenges(self.asked.challenges)
        challenge = self.challenge = choose_challenge(challenges)
        if challenge is None:
            refuse_login(challenges, domain=asker.domain)
        if challenge.scheme == "basic":
            if asker.credentials is None:
                said = _("%(registry)s wants a user name and password: save them.")
                raise AuthError(said % {"registry": asker.domain})
            return Outcome.OK, _("It wants a user name and password with each request."), ()
        check_realm(Bearer(challenge.realm, challenge.service), asker)
        said = _("It wants a token of %(host)s.")
        return Outcome.OK, said % {"host": host_of(challenge.realm)}, _token_service(challenge)

    def try_token(self) -> Judgement:
        challenge, credentials = self.challenge, self._asker.credentials
        if challenge is None:
            return Outcome.SKIPPED, _("No token is needed."), ()
        who = credentials.username if credentials else ""
        if challenge.scheme == "basic":
            self._sign_in()
            said = _("No token is needed; %(name)s is let in.")
            return Outcome.OK, said % {"name": who}, ()
        token = self._token(Bearer(challenge.realm, challenge.service))
        life_s = token.expires_at - self.clock()
        details = ((_("Good for"), f"{life_s:.0f} s"), (_("Scope"), self._scope or _("none")))
        if who:
            return Outcome.OK, _("Got a token as %(name)s.") % {"name": who}, details
        if credentials:
            return Outcome.OK, _("Got a token with the identity token."), details
        return Outcome.OK, _("Got a token anonymously."), details

    def try_manifest(self) -> Judgement:
        if self.reference is None:
            why = _("No image of this registry is known yet: name one to test it.")
            return Outcome.SKIPPED, why, ()
        client = RegistryClient(
            self._unhinted(), tokens=self._tokens, clock=self.clock, limits=self.limits
        )
        try:
            found = client.resolve(self.reference)
        finally:
            client.close()
        details = [
            (_("Digest"), found.digest),
            (_("Media type"), found.media_type or _("not named")),
        ]
        if (left := client.budget) is not None:
            details.append(
                (
                    _("Rate limit"),
                    _("%(left)d of %(limit)d left") % {"left": left.remaining, "limit": left.limit},
                )
            )
        said = _("%(image)s is there.")
        return Outcome.OK, said % {"image": self.reference.familiar}, tuple(details)

    @property
    def _transport(self) -> Transport:
        if self._opened is None:
            self._opened = open_transport(self.config, self.clock, limits=self.limits)
        return self._opened

    @property
    def _scope(self) -> str:
        return f"repository:{self.reference.path}:pull" if self.reference else ""

    @property
    def _asker(self) -> RegistryConfig:
        """Who asks for a login: the registry, or a host it leads to, which gets no credentials."""
        if self.asked is None or origin_of(self.asked.url) == origin_of(self.config.base_url):
            return self.config
        scheme, *__ = origin_of(self.asked.url)
        return RegistryConfig(host_of(self.asked.url), plain_http=scheme == "http")

    def _token(self, bearer: Bearer) -> Token:
        asker, scope = self._asker, self._scope
        fingerprint = fingerprint_of(asker.credentials)
        key = TokenKey(asker.address, bearer.realm, bearer.service, scope, fingerprint)
        fetch = partial(exchange, bearer, scope, asker, transport=self._transport, clock=self.clock)
        return self._tokens.obtain(key, fetch)

    def _ping(self, authorization: str = "") -> Answer:
        url = f"{self.config.base_url}/v2/"
        return self._transport.send(Call("GET", url, Kind.PING, authorization=authorization))

    def _sign_in(self) -> None:
        """Show the password. Raises CredentialsRefused if it is not taken."""
        credentials = self.config.credentials
        answer = self._ping(credentials.basic if credentials else "")
        if answer.status == 401:
            said = _("%(registry)s refuses the user name or password saved for it: correct them.")
            raise CredentialsRefused(said % {"registry": self.config.domain})
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        judge_ping(
            answer,
            domain=self.config.domain,
            has_credentials=self.config.credentials is not None,
            now=self.clock(),
        )

    def _unhinted(self) -> RegistryConfig:
        """The registry as if never asked before, so that its own challenge is judged once more."""
        is_basic = self.challenge is not None and self.challenge.scheme == "basic"
        return replace(
            self.config, hint_realm="", hint_service="", hint_basic=is_basic, hint_open=False
        )


def _asked(answer: Answer) -> Details:
    words = _("%(status)d from %(host)s") % {"status": answer.status, "host": host_of(answer.url)}
    return ((_("Answer"), _said(words)),)


def _token_service(challenge: Challenge) -> Details:
    """The token service as it may be shown: a realm's query is nobody's business."""
    realm = urlsplit(challenge.realm)._replace(query="", fragment="").geturl()
    return ((_("Realm"), _said(realm)), (_("Service"), _said(challenge.service) or _("not named")))


def _said(text: str) -> str:
    """What a stranger says, in one line of reasonable length."""
    return "".join(c if c.isprintable() else "?" for c in text[:_MAX_SAID_CHARS])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
