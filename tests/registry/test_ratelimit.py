"""What a registry says of its limits, and leaving it alone that long."""

import pytest
from requests.structures import CaseInsensitiveDict

from tests.registry.conftest import Clock
from updates.registry.errors import RateLimited, Unreachable
from updates.registry.messages import Answer
from updates.registry.ratelimit import (
    Backoff,
    Budget,
    Pause,
    budget,
    named_wait_s,
    retry_after_s,
    too_many,
)

NOW = 1_800_000_000.0
LIMITED = RateLimited("Wait.")
DAY_S = 86400


@pytest.fixture
def backoff(clock: Clock) -> Backoff:
    return Backoff("lab:5000", clock)


def pauses_s(backoff: Backoff, clock: Clock, number: int) -> list[float]:
    """How long the pauses are after so many 429s, each after the pause of the one before."""
    waits = []
    for _ in range(number):
        waits.append(backoff.refused(LIMITED).retry_after_s or 0)
        clock.now += waits[-1]
    return waits


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("9" * 400, DAY_S),
        ("Fri, 15 Jan 2027 08:01:40 GMT", 100),
        ("Fri, 15 Jan 2027 08:01:40 -0000", 100),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("Fri, 15 Jan 2100 07:00:00 GMT", DAY_S),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Fri, 99 Foo 2027", None),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        ("toomanyrequests: retry-after: 331µs, allowed: 44000/minute", "", 331e-6),
        ('{"errors":[{"message":"Retry-After: 1m30s"}]}', "", 90),
        ("retry-after: 2.5s", "", 2.5),
        ("retry-after: 900000000h", "", DAY_S),
        ("retry-after: 331µs", "30", 30),
        ("retry-after: soon", "", None),
        ("retry-after: 5n\u017f", "", None),
        ("retry-after: 5", "", None),
        ("slow down", "", None),
        ("", "", None),
    ],
)
def test_a_body_may_name_the_time_to_wait(body: str, header: str, seconds: float | None) -> None:
    headers = CaseInsensitiveDict({"Retry-After": header})

    wait_s = named_wait_s(Answer(429, "https://lab/", headers, (), body.encode()), NOW)

    assert wait_s == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("100;w=21600", "98;w=21600", ""), Budget(100, 98, 21600)),
        (("100", "0", ""), Budget(100, 0, None)),
        (("100;w=x", "98", ""), Budget(100, 98, None)),
        (("100, 100;w=60", "98", "30"), Budget(100, 98, 60, 30)),
        (("60", "59", "1800000090"), Budget(60, 59, None, 90)),
        (("60", "59", "1700000000"), Budget(60, 59, None, 0)),
        (("60", "59", "soon"), Budget(60, 59, None)),
        (("100", "", "5"), None),
        (("many", "few", ""), None),
        (("9" * 50, "1", ""), None),
        (("-1", "1", ""), None),
    ],
)
@pytest.mark.parametrize("prefix", ["ratelimit-", "RateLimit-", "X-RateLimit-", "x-ratelimit-"])
def test_the_budget_is_read_from_the_headers(
    prefix: str, headers: tuple[str, str, str], expected: Budget | None
) -> None:
    names = (f"{prefix}limit", f"{prefix}remaining", f"{prefix}reset")

    assert budget(CaseInsensitiveDict(zip(names, headers, strict=True)), NOW) == expected


def test_a_registry_is_left_alone_for_as_long_as_it_asked(backoff: Backoff, clock: Clock) -> None:
    first = backoff.refused(RateLimited("Wait.", retry_after_s=60))
    clock.now += 20

    with pytest.raises(RateLimited, match="lab:5000 allows no more requests for 40 seconds: wait"):
        backoff.check()
    assert first.retry_after_s == 60
    assert backoff.pause == Pause(NOW + 60, too_many("lab:5000"))

    clock.now += 40
    backoff.check()
    assert backoff.pause is None


@pytest.mark.parametrize(("named_s", "pause_s"), [(331e-6, 1), (0, 1), (5, 5), (9e9, DAY_S)])
def test_a_named_time_is_kept_between_a_second_and_a_day(
    backoff: Backoff, named_s: float, pause_s: float
) -> None:
    assert backoff.refused(RateLimited("", retry_after_s=named_s)).retry_after_s == pause_s


def test_without_a_time_the_pauses_double_up_to_a_minute(backoff: Backoff, clock: Clock) -> None:
    waits = pauses_s(backoff, clock, 9)

    for wait_s, longest in zip(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60], strict=True):
        assert max(0.8 * longest, 1) - 1e-6 <= wait_s <= longest + 1e-6
    assert len({round(wait_s, 6) for wait_s in waits}) == 9, "they jitter"


def test_a_success_makes_the_next_pause_short_again(backoff: Backoff, clock: Clock) -> None:
    pauses_s(backoff, clock, 4)

    backoff.succeeded()

    assert pauses_s(backoff, clock, 1) == [1]


def test_refusals_that_were_under_way_together_count_as_one(backoff: Backoff, clock: Clock) -> None:
    for _ in range(32):
        assert backoff.refused(LIMITED).retry_after_s == 1
        backoff.succeeded()  # Of a request that was sent before the pause.
    clock.now += 1

    assert (backoff.refused(LIMITED).retry_after_s or 0) > 1.5


def test_a_pause_is_lengthened_and_never_shortened(backoff: Backoff) -> None:
    backoff.refused(RateLimited("Wait.", retry_after_s=60))
    backoff.refused(RateLimited("Wait.", retry_after_s=5))
    backoff.take(Pause(NOW + 30, "Shorter."))
    assert backoff.pause == Pause(NOW + 60, too_many("lab:5000"))

    backoff.take(Pause(NOW + 90, "Longer."))
    assert backoff.pause == Pause(NOW + 90, "Longer.")


def test_a_stored_pause_is_obeyed_from_the_start(clock: Clock) -> None:
    backoff = Backoff("lab", clock, Pause(NOW + 1.2, "lab is tired: let it sleep."))

    with pytest.raises(
        RateLimited, match=r"^lab is tired for 2 seconds: let it sleep\.$"
    ) as limited:
        backoff.check()

    assert limited.value.retry_after_s == pytest.approx(1.2)


@pytest.mark.parametrize("until", [0.0, NOW - 1, NOW])
def test_a_stored_pause_that_is_over_means_nothing(clock: Clock, until: float) -> None:
    backoff = Backoff("lab", clock, Pause(until, "Old."))

    backoff.check()
    assert backoff.pause is None


def test_a_stored_pause_lasts_a_day_at_most(clock: Clock) -> None:
    stored = Backoff("lab", clock, Pause(NOW * 2, "Far."))

    assert stored.pause == Pause(NOW + DAY_S, "Far.")


def test_an_unreachable_registry_is_left_alone_for_a_moment(backoff: Backoff, clock: Clock) -> None:
    backoff.unreachable(Unreachable("Gone."))

    with pytest.raises(Unreachable, match="Gone"):
        backoff.check()

    clock.now += 5
    backoff.check()


def test_that_a_registry_is_unreachable_is_nothing_for_others(backoff: Backoff) -> None:
    backoff.unreachable(Unreachable("Gone."))

    assert backoff.pause is None


def test_a_reset_in_a_far_future_is_brought_near() -> None:
    named = {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "9" * 12}

    found = budget(CaseInsensitiveDict(named), NOW)

    assert found
    assert found.reset_s == 31 * DAY_S
