"""What a registry says of its limits, and leaving it alone that long."""

import pytest

from tests.registry.conftest import Clock
from updates.registry.errors import NotFound, RateLimited, Unreachable
from updates.registry.ratelimit import Backoff, Budget, budget, retry_after_s

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("9" * 400, 86400),
        ("Fri, 15 Jan 2027 08:01:40 GMT", 100),
        ("Fri, 15 Jan 2027 08:01:40 -0000", 100),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("Fri, 15 Jan 2100 07:00:00 GMT", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Fri, 99 Foo 2027", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize(
    ("limit", "remaining", "expected"),
    [
        ("100;w=21600", "98;w=21600", Budget(100, 98, 21600)),
        ("100", "0", Budget(100, 0, None)),
        ("100;w=x", "98", Budget(100, 98, None)),
        ("100", "", None),
        ("many", "few", None),
        ("9" * 50, "1", None),
    ],
)
def test_the_budget_is_read_from_the_headers(
    limit: str, remaining: str, expected: Budget | None
) -> None:
    headers = {"ratelimit-limit": limit, "ratelimit-remaining": remaining}

    assert budget(headers) == expected


def test_a_registry_is_left_alone_for_as_long_as_it_asked(clock: Clock) -> None:
    backoff = Backoff(clock)
    backoff.note(RateLimited("Wait.", retry_after_s=60))
    clock.now += 20

    with pytest.raises(RateLimited, match="Wait") as refused:
        backoff.check()
    assert refused.value.retry_after_s == 40

    clock.now += 40
    backoff.check()


def test_an_unreachable_registry_is_left_alone_for_a_moment(clock: Clock) -> None:
    backoff = Backoff(clock)
    backoff.note(Unreachable("Gone."))

    with pytest.raises(Unreachable):
        backoff.check()

    clock.now += 6
    backoff.check()


@pytest.mark.parametrize("error", [NotFound("No."), RateLimited("Wait.")])
def test_other_errors_concern_one_image_only(clock: Clock, error: NotFound | RateLimited) -> None:
    backoff = Backoff(clock)

    backoff.note(error)

    backoff.check()


def test_a_shorter_wait_does_not_replace_a_longer_one(clock: Clock) -> None:
    backoff = Backoff(clock)
    backoff.note(RateLimited("Wait.", retry_after_s=60))
    backoff.note(Unreachable("Gone."))
    clock.now += 30

    with pytest.raises(RateLimited):
        backoff.check()
