"""The handshake with a registry, in its order:

1. HEAD the manifest, authorised at once if an earlier answer or a hint taught how. No ping.
2. 401: answer its challenge. Bearer: a token from the store, or from the realm. Basic: send it.
3. HEAD again. A second 401 is final.
4. No digest in the headers, or HEAD not allowed: GET, and hash the bytes.

The first reference goes alone: it learns the challenge, so the others need no 401 of their own.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn
from urllib.parse import urlsplit

from updates.registry import manifest
from updates.registry.addresses import PeerGuard
from updates.registry.answers import refuse
from updates.registry.auth import Authenticator, Authorization, FirstAlone
from updates.registry.config import RegistryConfig
from updates.registry.errors import NotARegistry, RegistryError
from updates.registry.manifest import Descriptor
from updates.registry.messages import Answer, Call, Kind, Request, host_of, origin_of
from updates.registry.ratelimit import Backoff, Budget, budget
from updates.registry.reference import Reference
from updates.registry.tokens import TokenStore
from updates.registry.transport import STANDARD_LIMITS, Limits, Transport
from updates.registry.trust import load_ca_bundle, ssl_context

__all__ = ["RegistryClient", "RegistryConfig"]

_HEAD_REFUSED = frozenset({400, 405, 406, 415, 501})
_NO_HEAD_EVER = frozenset({405, 501})


class RegistryClient:
    """Asks one registry what its tags name. `resolve` may be called by many threads at once.

    Nothing is opened or judged before the first request: a bad CA is raised there, as a
    TrustError, and is then the trouble of this registry's images alone.
    """

    def __init__(
        self,
        config: RegistryConfig,
        *,
        tokens: TokenStore,
        clock: Callable[[], float] = time.time,
        observer: Callable[[Request], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        limits: Limits = STANDARD_LIMITS,
    ) -> None:
        self.budget: Budget | None = None
        self._config = config
        self._tokens = tokens
        self._clock = clock
        self._open_transport = partial(
            _open_transport, config, clock, observer=observer, sleep=sleep, limits=limits
        )
        self._opening = threading.Lock()
        self._opened: tuple[Transport, Authenticator] | None = None
        self._backoff = Backoff(clock)
        self._first = FirstAlone(is_open=bool(config.hint_realm))
        self._allows_head = True

    @property
    def bearer(self) -> tuple[str, str] | None:
        """Realm and service of the token service, once known: the hint for a later client."""
        if self._opened is None:
            hint = (self._config.hint_realm, self._config.hint_service)
            return hint if hint[0] else None
        bearer = self._opened[1].bearer
        return (bearer.realm, bearer.service) if bearer else None

    @property
    def is_basic(self) -> bool:
        """Whether the registry took Basic authentication: the hint for a later client."""
        return self._opened[1].is_basic if self._opened else self._config.hint_basic

    def resolve(self, reference: Reference) -> Descriptor:
        """What the reference names in the registry now. Raises RegistryError."""
        return self._guarded(partial(self._resolve, reference))

    def check(self) -> None:
        """Whether the registry answers, and accepts the credentials. Raises RegistryError."""
        self._guarded(self._ping)

    def close(self) -> None:
        """Close all connections. The client may be used again."""
        with self._opening:
            if self._opened:
                self._opened[0].close()

    def _guarded[Result](self, work: Callable[[], Result]) -> Result:
        def checked() -> Result:
            self._backoff.check()
            return work()

        try:
            return self._first.run(checked)
        except RegistryError as error:
            self._backoff.note(error)
            raise

    def _resolve(self, reference: Reference) -> Descriptor:
        if self._allows_head:
            answer = self._ask("HEAD", reference)
            if answer.status == 200 and (descriptor := manifest.from_headers(answer)):
                return _matching(descriptor, reference)
            self._allows_head = answer.status not in _NO_HEAD_EVER
            if answer.status != 200 and answer.status not in _HEAD_REFUSED:
                self._refuse(answer, reference.familiar)
        answer = self._ask("GET", reference)
        if answer.status != 200:
            self._refuse(answer, reference.familiar)
        return _matching(manifest.from_body(answer), reference)

    def _ping(self) -> None:
        url = f"{self._config.base_url}/v2/"
        answer = self._authorised(Call("GET", url, Kind.PING), scope="")
        if answer.status in (401, 403):
            self._refuse(answer, "its API")
        is_page = answer.headers.get("Content-Type", "").lower().startswith("text/html")
        if answer.status == 404 or (answer.status == 200 and is_page):
            raise NotARegistry(f"{host_of(answer.url)} is no registry: it has no /v2/ API.")
        if answer.status != 200:
            self._refuse(answer, "its API")

    def _ask(self, method: str, reference: Reference) -> Answer:
        target = reference.digest or reference.tag
        url = f"{self._config.base_url}/v2/{reference.path}/manifests/{target}"
        call = Call(method, url, Kind.MANIFEST, accept=manifest.ACCEPT)
        answer = self._authorised(call, scope=f"repository:{reference.path}:pull")
        self.budget = budget(answer.headers) or self.budget
        return answer

    def _authorised(self, call: Call, *, scope: str) -> Answer:
        """Send a call, and once more with what its 401 asks for."""
        transport, authenticator = self._parts()
        sent = authenticator.known(scope)
        answer = transport.send(replace(call, authorization=sent.header))
        if answer.status == 401 and origin_of(answer.url) != origin_of(call.url):
            return self._ask_stranger(call, answer, scope)
        if answer.status == 401:
            better = authenticator.answer(answer.challenges, scope, sent)
            if better is None:
                return answer
            sent = better
            answer = transport.send(replace(call, authorization=sent.header))
        if answer.status == 401:
            authenticator.refused_again(sent)
        elif sent.header:
            authenticator.accepted()
        return answer

    def _ask_stranger(self, call: Call, answer: Answer, scope: str) -> Answer:
        """Answer the challenge of a host that the registry redirects to, anonymously.

        Vanity domains do this: the images, and the token service, are another registry's.
        """
        transport, _ = self._parts()
        scheme, _, _ = origin_of(answer.url)
        config = RegistryConfig(host_of(answer.url), plain_http=scheme == "http")
        stranger = Authenticator(config, transport, self._tokens, self._clock)
        authorization = stranger.answer(answer.challenges, scope, Authorization())
        header = authorization.header if authorization else ""
        return transport.send(replace(call, url=answer.url, authorization=header))

    def _parts(self) -> tuple[Transport, Authenticator]:
        with self._opening:
            if self._opened is None:
                transport = self._open_transport()
                self._opened = (
                    transport,
                    Authenticator(self._config, transport, self._tokens, self._clock),
                )
            return self._opened

    def _refuse(self, answer: Answer, what: str) -> NoReturn:
        refuse(
            answer,
            domain=self._config.domain,
            what=what,
            has_credentials=self._config.credentials is not None,
            now=self._clock(),
        )


def _open_transport(
    config: RegistryConfig,
    clock: Callable[[], float],
    *,
    observer: Callable[[Request], None] | None,
    sleep: Callable[[float], None],
    limits: Limits,
) -> Transport:
    bundle = None
    if config.trust.needs_ca and config.ca_pem:
        now = datetime.fromtimestamp(clock(), UTC)
        bundle = load_ca_bundle(config.ca_pem, now=now, expired_may_stay=True)
    guard = PeerGuard(
        urlsplit(config.base_url).hostname or "",
        named=(urlsplit(f"//{entry}").hostname or "" for entry in config.realm_hosts),
    )
    return Transport(
        ssl_context(config.trust, bundle, config.client_certificate),
        guard,
        plain_http=config.plain_http,
        observer=observer,
        sleep=sleep,
        limits=limits,
    )


def _matching(descriptor: Descriptor, reference: Reference) -> Descriptor:
    if reference.digest not in (None, descriptor.digest):
        raise NotARegistry(f"{reference.domain} answers with another digest than was asked for.")
    return descriptor
