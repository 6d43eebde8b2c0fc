"""Bearer tokens, the key each is kept under, and the store that keeps them."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whom a token is for. `registry` is the host of its API, `fingerprint` names the user."""

    registry: str
    realm: str
    service: str
    scope: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Token:
    """`expires_at` is in seconds since the epoch."""

    value: str = field(repr=False)
    expires_at: float

    def is_fresh(self, now: float, margin_s: float = 10.0) -> bool:
        """Whether it will still be good when it arrives."""
        return now + margin_s < self.expires_at


class TokenStore(Protocol):
    """Where tokens outlive the request. Used by many threads at once."""

    def obtain(self, key: TokenKey, fetch: Callable[[], Token]) -> Token:
        """The fresh token stored for the key, else what `fetch` returns.

        Of several callers in need exactly one fetches; the others wait and get its token.
        What `fetch` raises reaches its caller, and nothing is stored.
        """

    def discard(self, key: TokenKey, token: Token) -> None:
        """Forget a token that the registry refused, unless another has taken its place."""


class MemoryTokenStore:
    """A token store for one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._locks: defaultdict[TokenKey, threading.Lock] = defaultdict(threading.Lock)
        self._tokens: dict[TokenKey, Token] = {}

    def obtain(self, key: TokenKey, fetch: Callable[[], Token]) -> Token:
        with self._guard:
            lock = self._locks[key]
        with lock:
            token = self._tokens.get(key)
            if token is None or not token.is_fresh(self._clock()):
                token = self._tokens[key] = fetch()
            return token

    def discard(self, key: TokenKey, token: Token) -> None:
        with self._guard:
            if self._tokens.get(key) == token:
                del self._tokens[key]
