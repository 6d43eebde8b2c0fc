"""The handshake with a registry, in its order:

1. Send the request, authorised at once if an earlier answer or a hint taught how. No ping.
2. 401: answer its challenge. Bearer: a token from the store, or from the realm. Basic: send it.
3. Send it again. A second 401 is final.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from updates.registry.auth import Authenticator, Authorization
from updates.registry.config import RegistryConfig
from updates.registry.messages import Answer, Call, host_of, origin_of
from updates.registry.sign_in import UNTRIED, SignIn
from updates.registry.tls.certificates import Certificate
from updates.registry.tokens import TokenStore
from updates.registry.transport import Transport

_WELCOME = frozenset({200, 304})
# Statuses that come after who asks was looked at.
_KNOWS_WHO = _WELCOME | {404}


class Handshake:
    """The way from a call to its answer. Used by many threads at once.

    Nothing is opened or judged before the first call: `open_transport` may raise TrustError.
    """

    def __init__(
        self,
        config: RegistryConfig,
        tokens: TokenStore,
        clock: Callable[[], float],
        open_transport: Callable[[], Transport],
    ) -> None:
        self._config = config
        self._tokens = tokens
        self._clock = clock
        self._open_transport = open_transport
        self._opening = threading.Lock()
        self._opened: tuple[Transport, Authenticator] | None = None

    @property
    def bearer(self) -> tuple[str, str] | None:
        """Realm and service of the token service, once known."""
        if self._opened is None:
            hint = (self._config.hint_realm, self._config.hint_service)
            return hint if hint[0] else None
        bearer = self._opened[1].bearer
        return (bearer.realm, bearer.service) if bearer else None

    @property
    def is_basic(self) -> bool:
        return self._opened[1].is_basic if self._opened else self._config.hint_basic

    @property
    def is_open(self) -> bool:
        return self._opened[1].is_open if self._opened else self._config.hint_open

    @property
    def certificate(self) -> Certificate | None:
        """What the registry showed on the newest connection to it; None without one."""
        return self._opened[0].certificate if self._opened else None

    @property
    def sign_in(self) -> SignIn:
        """What became of the credentials, or of having none."""
        return self._opened[1].sign_in if self._opened else UNTRIED

    def send(self, call: Call, *, scope: str) -> Answer:
        """The answer to a call, sent once more if its 401 asks for something better."""
        transport, authenticator = self._parts()
        sent = authenticator.known(scope)
        answer = transport.send(replace(call, authorization=sent.header))
        if answer.status == 401 and not _is_stranger(call, answer):
            better = authenticator.answer(answer.challenges, scope, sent)
            if better is None:
                return answer
            sent = better
            answer = transport.send(replace(call, authorization=sent.header))
        if answer.status == 401 and _is_stranger(call, answer):
            authenticator.known_as(Authorization())
            return self._ask_stranger(call, answer, scope)
        if answer.status == 401:
            authenticator.refused_again(sent)
        elif sent.header:
            authenticator.accepted()
        elif answer.status in _WELCOME:
            authenticator.let_in()
        if answer.status in _KNOWS_WHO:
            authenticator.known_as(sent)
        return answer

    def close(self) -> None:
        """Close all connections. The handshake may be used again."""
        with self._opening:
            if self._opened:
                self._opened[0].close()

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
        there = replace(call, url=answer.url, authorization=header, if_none_match="")
        return transport.send(there)

    def _parts(self) -> tuple[Transport, Authenticator]:
        with self._opening:
            if self._opened is None:
                transport = self._open_transport()
                self._opened = (
                    transport,
                    Authenticator(self._config, transport, self._tokens, self._clock),
                )
            return self._opened


def _is_stranger(call: Call, answer: Answer) -> bool:
    """Whether the answer is of a host that the call was redirected to."""
    return origin_of(answer.url) != origin_of(call.url)
