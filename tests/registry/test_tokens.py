"""The token store's promise: fresh, shared, and fetched once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.registry.conftest import Clock
from updates.registry.errors import AuthError
from updates.registry.tokens import MemoryTokenStore, Token, TokenKey

KEY = TokenKey("ghcr.io", "https://ghcr.io/token", "ghcr.io", "repository:a/b:pull", "")


def counting(tokens: list[Token], *, takes_s: float = 0.0) -> Callable[[], Token]:
    """A fetch that notes each token it makes; they live for 300 s."""

    def fetch() -> Token:
        time.sleep(takes_s)
        tokens.append(Token(f"token-{len(tokens)}", Clock().now + 300))
        return tokens[-1]

    return fetch


def test_a_token_is_not_in_its_representation() -> None:
    assert "s3cret" not in repr(Token("s3cret", 1.0))


@pytest.mark.parametrize(
    ("left_s", "is_fresh"), [(60, True), (10.1, True), (10, False), (-1, False)]
)
def test_a_token_is_fresh_until_shortly_before_its_end(left_s: float, is_fresh: bool) -> None:
    assert Token("t", 1000.0 + left_s).is_fresh(1000.0) is is_fresh


def test_a_stored_token_is_used_again(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()

    assert store.obtain(KEY, counting(made)) is store.obtain(KEY, counting(made))
    assert len(made) == 1


def test_an_expired_token_is_fetched_once(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()
    store.obtain(KEY, counting(made))
    clock.now += 295
    made_later: list[Token] = []

    store.obtain(KEY, counting(made_later))

    assert len(made_later) == 1


@pytest.mark.parametrize("field", ["registry", "realm", "service", "scope", "fingerprint"])
def test_each_part_of_a_key_tells_tokens_apart(clock: Clock, field: str) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()
    store.obtain(KEY, counting(made))

    store.obtain(replace(KEY, **{field: "other"}), counting(made))

    assert len(made) == 2


def test_threads_in_need_of_one_token_make_one_request(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()
    together = threading.Barrier(16)

    def obtain(_: int) -> Token:
        together.wait()
        return store.obtain(KEY, counting(made, takes_s=0.05))

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(obtain, range(16)))

    assert len(made) == 1
    assert set(got) == set(made)


def test_a_slow_fetch_holds_up_its_own_key_only(clock: Clock) -> None:
    store = MemoryTokenStore(clock)
    started, release = threading.Event(), threading.Event()

    def slow() -> Token:
        started.set()
        release.wait(5)
        return Token("slow", clock() + 60)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.obtain, KEY, slow)
        started.wait(5)
        other = store.obtain(replace(KEY, scope="other"), lambda: Token("quick", clock() + 60))
        assert not waiting.done()
        release.set()

    assert other.value == "quick"


def test_a_fetch_that_fails_stores_nothing(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()

    def fail() -> Token:
        raise AuthError("No.")

    with pytest.raises(AuthError):
        store.obtain(KEY, fail)

    assert store.obtain(KEY, counting(made)) in made


def test_a_refused_token_is_forgotten(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()
    store.discard(KEY, store.obtain(KEY, counting(made)))

    store.obtain(KEY, counting(made))

    assert len(made) == 2


def test_its_successor_is_not_forgotten_with_it(clock: Clock) -> None:
    store, made = MemoryTokenStore(clock), list[Token]()
    first = store.obtain(KEY, counting(made))
    store.discard(KEY, first)
    second = store.obtain(KEY, counting(made))

    store.discard(KEY, first)

    assert store.obtain(KEY, counting(made)) is second
