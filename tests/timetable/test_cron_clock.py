"""Cron on the two nights a year on which the clock jumps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.timetable.cron import Cron

BERLIN = ZoneInfo("Europe/Berlin")
# 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
SPRING = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)


def ticks(text: str, start: datetime, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """The next ticks as the clock on the wall and its offset show them."""
    cron, moment, found = Cron.parse(text, zone), start, []
    for _ in range(count):
        moment = cron.next_after(moment)
        found.append(f"{moment.astimezone(zone):%d %H:%M %z}")
    return found


def test_a_tick_in_the_hour_left_out_comes_an_hour_later_by_the_clock() -> None:
    assert ticks("30 2 * * *", SPRING, 2) == ["29 03:30 +0200", "30 02:30 +0200"]


def test_a_tick_in_the_hour_that_comes_twice_comes_once() -> None:
    assert ticks("30 2 * * *", AUTUMN, 2) == ["25 02:30 +0200", "26 02:30 +0100"]


def test_a_tick_is_not_repeated_for_somebody_who_asks_in_the_second_of_two_hours() -> None:
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 by the clock, again.
    assert ticks("30 2 * * *", between, 1) == ["26 02:30 +0100"]


def test_a_tick_left_out_is_still_to_come_just_after_the_jump() -> None:
    after = datetime(2026, 3, 29, 1, 5, tzinfo=UTC)  # 03:05 by the clock.
    assert ticks("30 2 * * *", after, 1) == ["29 03:30 +0200"]


def test_every_hour_is_every_real_hour() -> None:
    spring = ticks("0 * * * *", SPRING, 5)
    assert spring[:3] == ["29 00:00 +0100", "29 01:00 +0100", "29 03:00 +0200"]
    autumn = ticks("0 * * * *", AUTUMN, 7)
    assert autumn[1:5] == ["25 01:00 +0200", "25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100"]


def test_midnight_is_kept_where_the_clock_jumps_at_midnight() -> None:
    # Beirut, 2026-03-29: 00:00 becomes 01:00.
    beirut = ZoneInfo("Asia/Beirut")
    start = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert ticks("@daily", start, 2, beirut) == ["29 01:00 +0300", "30 00:00 +0300"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"])
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
def test_a_daily_tick_comes_once_on_every_day(zone: str, naive: datetime) -> None:
    place = ZoneInfo(zone)
    cron, moment, days = Cron.parse("15 2 * * *", place), naive.replace(tzinfo=UTC), []
    for _ in range(4):
        moment = cron.next_after(moment)
        days.append(moment.astimezone(place).date())
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))


@pytest.mark.parametrize("text", ["*/10 * * * *", "0 * * * * *", "5 * * * *"])
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
def test_what_ticks_every_hour_keeps_its_distance_all_year(text: str, naive: datetime) -> None:
    cron, moments = Cron.parse(text, BERLIN), [naive.replace(tzinfo=UTC)]
    for _ in range(8):
        moments.append(cron.next_after(moments[-1]))
    gaps = {after - before for before, after in pairwise(moments[1:])}
    assert len(gaps) == 1
