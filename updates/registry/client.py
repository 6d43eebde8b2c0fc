"""Asks one registry what its tags name, and leaves it alone when it asks for that.

HEAD the manifest. No digest in the headers, or HEAD not allowed: GET, and hash the bytes.
The first reference goes alone: it learns the challenge, so the others need no 401 of their own.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from updates.registry import manifest
from updates.registry.answers import judge_ping, refuse
from updates.registry.auth import FirstAlone
from updates.registry.config import RegistryConfig
from updates.registry.contents import ImageContents, contents_of
from updates.registry.errors import NotARegistry, RateLimited, Unreachable
from updates.registry.handshake import Handshake
from updates.registry.manifest import Descriptor
from updates.registry.messages import Answer, Call, Kind, Request
from updates.registry.opening import open_transport
from updates.registry.platforms import Platform, platforms_of
from updates.registry.ratelimit import Backoff, Budget, Pause, budget
from updates.registry.reference import Reference
from updates.registry.sign_in import SignIn
from updates.registry.tls.certificates import Certificate
from updates.registry.tokens import TokenStore
from updates.registry.transport import STANDARD_LIMITS, Limits

__all__ = ["RegistryClient", "RegistryConfig"]

_HEAD_REFUSED = frozenset({400, 405, 406, 415, 501})
_NO_HEAD_EVER = frozenset({405, 501})


class RegistryClient:
    """Asks one registry what its tags name. `resolve` may be called by many threads at once.

    Nothing is opened or judged before the first request: a bad CA is raised there, as a
    TrustError, and is then the trouble of this registry's images alone.
    `pause` is one that another worker was told; `budget` is the last one the registry named.
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
        pause: Pause | None = None,
    ) -> None:
        self.budget: Budget | None = None
        self._config = config
        self._clock = clock
        opened = partial(
            open_transport, config, clock, observer=observer, sleep=sleep, limits=limits
        )
        self._handshake = Handshake(config, tokens, clock, opened)
        self._backoff = Backoff(config.domain, clock, pause)
        # Not with a Basic hint: 32 wrong passwords at once, changed meanwhile, lock the account.
        self._first = FirstAlone(is_open=bool(config.hint_realm or config.hint_open))
        self._allows_head = True

    @property
    def bearer(self) -> tuple[str, str] | None:
        """Realm and service of the token service, once known: a hint for a later client."""
        return self._handshake.bearer

    @property
    def is_basic(self) -> bool:
        """Whether the registry took Basic authentication: a hint for a later client."""
        return self._handshake.is_basic

    @property
    def is_open(self) -> bool:
        """Whether the registry asked for no login so far: a hint for a later client."""
        return self._handshake.is_open

    @property
    def certificate(self) -> Certificate | None:
        """What the registry showed on the newest connection to it; None without one."""
        return self._handshake.certificate

    @property
    def sign_in(self) -> SignIn:
        """What became of the credentials, or of having none."""
        return self._handshake.sign_in

    @property
    def pause(self) -> Pause | None:
        """Until when a rate limit forbids to ask; None when it does not."""
        return self._backoff.pause

    def take_pause(self, pause: Pause) -> None:
        """Keep a pause that another worker was told, unless the own one lasts longer."""
        self._backoff.take(pause)

    def resolve(self, reference: Reference, known: Descriptor | None = None) -> Descriptor:
        """What the reference names in the registry now. Raises RegistryError.

        With a `known` descriptor that has an ETag the registry may answer that it still holds.
        """
        return self._guarded(partial(self._resolve, reference, known))

    def platforms(self, reference: Reference) -> frozenset[Platform] | None:
        """What the reference offers images for; None when that cannot be told.

        At least one GET of a manifest, which Docker Hub counts as a pull. Raises RegistryError.
        """
        target = reference.digest or reference.tag or "latest"
        return self._guarded(lambda: platforms_of(target, partial(self._fetch, reference)))

    def contents(self, reference: Reference, platform: Platform | None) -> ImageContents:
        """What the image holds that the reference names, for this platform. Raises RegistryError.

        At least two GETs, one of which Docker Hub counts as a pull.
        """
        target = reference.digest or reference.tag or "latest"
        return self._guarded(lambda: contents_of(target, platform, partial(self._fetch, reference)))

    def check(self) -> None:
        """Whether the registry answers, and accepts the credentials. Raises RegistryError."""
        self._guarded(self._ping)

    def close(self) -> None:
        """Close all connections. The client may be used again."""
        self._handshake.close()

    def _guarded[Result](self, work: Callable[[], Result]) -> Result:
        def checked() -> Result:
            self._backoff.check()
            try:
                result = work()
            except RateLimited as error:
                raise self._backoff.refused(error) from error
            except Unreachable as error:
                self._backoff.unreachable(error)
                raise
            self._backoff.succeeded()
            return result

        return self._first.run(checked)

    def _resolve(self, reference: Reference, known: Descriptor | None) -> Descriptor:
        etag = manifest.sendable_etag(known.etag) if known else ""
        if self._allows_head:
            answer = self._ask("HEAD", reference, etag)
            if answer.status == 304 and known:
                return _matching(manifest.unchanged(answer, known), reference)
            if answer.status == 200 and (descriptor := manifest.from_headers(answer)):
                return _matching(descriptor, reference)
            self._allows_head = answer.status not in _NO_HEAD_EVER
            if answer.status != 200 and answer.status not in _HEAD_REFUSED:
                self._refuse(answer, reference.familiar)
        answer = self._ask("GET", reference, etag)
        if answer.status == 304 and known:
            return _matching(manifest.unchanged(answer, known), reference)
        if answer.status != 200:
            self._refuse(answer, reference.familiar)
        algorithm, _, _ = (reference.digest or "sha256").partition(":")
        return _matching(manifest.from_body(answer, algorithm=algorithm), reference)

    def _ping(self) -> None:
        url = f"{self._config.base_url}/v2/"
        answer = self._handshake.send(Call("GET", url, Kind.PING), scope="")
        judge_ping(
            answer,
            domain=self._config.domain,
            has_credentials=self._config.credentials is not None,
            now=self._clock(),
        )

    def _ask(self, method: str, reference: Reference, etag: str) -> Answer:
        target = reference.digest or reference.tag
        url = f"{self._config.base_url}/v2/{reference.path}/manifests/{target}"
        call = Call(method, url, Kind.MANIFEST, accept=manifest.ACCEPT, if_none_match=etag)
        return self._send(call, reference)

    def _fetch(self, reference: Reference, kind: Kind, target: str) -> Answer:
        place = "manifests" if kind is Kind.MANIFEST else "blobs"
        url = f"{self._config.base_url}/v2/{reference.path}/{place}/{target}"
        accept = manifest.ACCEPT if kind is Kind.MANIFEST else "*/*"
        answer = self._send(Call("GET", url, kind, accept=accept), reference)
        if answer.status != 200:
            self._refuse(answer, reference.familiar)
        return answer

    def _send(self, call: Call, reference: Reference) -> Answer:
        answer = self._handshake.send(call, scope=f"repository:{reference.path}:pull")
        self.budget = budget(answer.headers, self._clock()) or self.budget
        return answer

    def _refuse(self, answer: Answer, what: str) -> NoReturn:
        refuse(
            answer,
            domain=self._config.domain,
            what=what,
            has_credentials=self._config.credentials is not None,
            now=self._clock(),
        )


def _matching(descriptor: Descriptor, reference: Reference) -> Descriptor:
    if reference.digest not in (None, descriptor.digest):
        raise NotARegistry(f"{reference.domain} answers with another digest than was asked for.")
    return descriptor
