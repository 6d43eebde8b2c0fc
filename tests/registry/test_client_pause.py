"""A rate limit is heeded by every thread, told to other workers, and taken from them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.registry.conftest import ROBOT, Bench
from updates.registry.errors import NotFound, RateLimited, Unreachable
from updates.registry.ratelimit import Pause


def test_a_rate_limit_without_a_time_is_a_second_of_peace(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.refusals_left = 1
    client = bench.client()

    for _ in range(3):
        with pytest.raises(RateLimited, match="no more requests for 1 second: wait") as refused:
            client.resolve(bench.reference())
        assert refused.value.retry_after_s == 1
    assert (len(bench.registry.seen), bench.clock.sleeps) == (1, [])

    bench.clock.now += 1
    client.resolve(bench.reference())
    assert client.pause is None


def test_a_time_in_the_body_is_heeded(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.token_status = 429
    bench.registry.behaviour.token_refusal = b"toomanyrequests: retry-after: 1m5s"

    with pytest.raises(RateLimited, match="for 65 seconds") as refused:
        bench.client(credentials=ROBOT).resolve(bench.reference())

    assert refused.value.retry_after_s == 65


def test_one_worker_tells_the_other_how_long_to_wait(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.refusals_left = 1
    bench.registry.behaviour.headers = {"Retry-After": "60"}
    first = bench.client()
    with pytest.raises(RateLimited):
        first.resolve(bench.reference())
    bench.clock.now += 10

    second = bench.client(pause=first.pause)

    with pytest.raises(RateLimited, match="for 50 seconds"):
        second.resolve(bench.reference())
    assert len(bench.registry.seen) == 1
    assert second.pause == first.pause


def test_a_pause_taken_while_running_stops_what_was_not_sent(bench: Bench) -> None:
    bench.registry.put("team/app")
    client = bench.client()
    client.resolve(bench.reference())

    client.take_pause(Pause(bench.clock.now + 5, "The lab is tired."))

    with pytest.raises(RateLimited, match=r"^The lab is tired for 5 seconds\.$"):
        client.resolve(bench.reference())
    with pytest.raises(RateLimited):
        client.platforms(bench.reference())
    with pytest.raises(RateLimited):
        client.check()
    assert len(bench.registry.seen) == 1


def test_threads_that_are_refused_together_wait_a_second_and_no_minute(bench: Bench) -> None:
    bench.registry.put("team/app")
    client = bench.client()
    client.resolve(bench.reference())
    bench.registry.behaviour.status = 429
    bench.registry.behaviour.delay_s = 0.05

    def attempt(_: int) -> float:
        with pytest.raises(RateLimited) as refused:
            client.resolve(bench.reference())
        return refused.value.retry_after_s or 0

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(attempt, range(64))) == {1}
    assert len(bench.registry.seen) <= 17


def test_pauses_get_longer_until_there_is_an_answer(bench: Bench) -> None:
    bench.registry.put("team/app")
    client = bench.client()

    def refused_s() -> float:
        bench.registry.behaviour.refusals_left = 1
        with pytest.raises(RateLimited) as refused:
            client.resolve(bench.reference())
        bench.clock.now += 60
        return refused.value.retry_after_s or 0

    assert refused_s() < refused_s() < refused_s()

    client.resolve(bench.reference())
    assert refused_s() == 1


def test_a_registry_that_is_not_there_is_no_pause(bench: Bench) -> None:
    client = bench.client(domain="127.0.0.1:1")

    for _ in range(2):
        with pytest.raises(Unreachable):
            client.resolve(bench.reference())

    assert (client.pause, len(bench.observed)) == (None, 3)


def test_a_missing_image_is_no_pause(bench: Bench) -> None:
    client = bench.client()

    with pytest.raises(NotFound):
        client.resolve(bench.reference())

    assert client.pause is None


def test_the_budget_of_a_refusal_is_known_too(bench: Bench) -> None:
    bench.registry.behaviour.status = 429
    bench.registry.behaviour.headers = {
        "X-RateLimit-Limit": "60",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "17",
    }
    client = bench.client()

    with pytest.raises(RateLimited):
        client.resolve(bench.reference())

    assert client.budget is not None
    assert (client.budget.remaining, client.budget.reset_s) == (0, 17)
