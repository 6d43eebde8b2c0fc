"""Who goes first, and what a scope is asked for."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from updates.registry.auth import Authorization, FirstAlone, _scope
from updates.registry.errors import NotFound
from updates.registry.tokens import Token


def peak_of(first: FirstAlone) -> list[int]:
    """How many worked at once, noted by each of eight workers, in their order of starting."""
    active, peaks, lock = 0, list[int](), threading.Lock()
    together = threading.Barrier(8)

    def work() -> None:
        nonlocal active
        with lock:
            active += 1
            peaks.append(active)
        threading.Event().wait(0.05)
        with lock:
            active -= 1

    def worker(_: int) -> None:
        together.wait()
        first.run(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worker, range(8)))
    return peaks


def test_the_first_works_alone_and_then_all_work_at_once() -> None:
    peaks = peak_of(FirstAlone(is_open=False))

    assert peaks[:2] == [1, 1]
    assert max(peaks) > 3


def test_nobody_waits_where_all_is_known() -> None:
    assert max(peak_of(FirstAlone(is_open=True))) > 4


def test_a_first_that_fails_does_not_keep_the_others_in_line() -> None:
    first = FirstAlone(is_open=False)

    def fail() -> None:
        raise NotFound("Gone.")

    with pytest.raises(NotFound):
        first.run(fail)

    assert max(peak_of(first)) > 4


@pytest.mark.parametrize(
    ("offered", "scope"),
    [
        ("", "repository:a/b:pull"),
        ("repository:a/b:pull", "repository:a/b:pull"),
        ("repository:a/b:pull,push", "repository:a/b:pull"),
        ("repository:other:pull", "repository:other:pull"),
        ("aws", "aws"),
    ],
)
def test_the_registrys_own_scope_is_asked_for_but_never_more_than_pull(
    offered: str, scope: str
) -> None:
    assert _scope(offered, "repository:a/b:pull") == scope


def test_a_ping_asks_for_what_is_offered() -> None:
    assert _scope("registry:catalog:*", "") == "registry:catalog:*"
    assert _scope("", "") == ""


def test_an_authorization_hides_its_header() -> None:
    assert "s3cret" not in repr(Authorization("Bearer s3cret", token=Token("s3cret", 1)))
