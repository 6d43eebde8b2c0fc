"""Windows, late ticks, missed ticks."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from updates.timetable.course import Course
from updates.timetable.errors import BadTimetable
from updates.timetable.when import parse
from updates.timetable.window import Window

ZONE = ZoneInfo("Europe/Berlin")
# A Wednesday, 13:00 in Berlin.
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WEEKEND = Window.of([6, 0], time(22), time(4), ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_ticks_that_are_a_moment_late_are_all_made_up_for() -> None:
    course = Course(parse("1s", ZONE))
    assert course.after(NOW - 2 * SECOND, NOW) == NOW - SECOND


@pytest.mark.parametrize("when", ["1s", "*/5 * * * * *", "1h"])
def test_what_was_missed_is_carried_out_once(when: str) -> None:
    course = Course(parse(when, ZONE))
    assert course.after(NOW - timedelta(hours=10), NOW) > NOW


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(25, 23), False),
        (at(28, 21, 59), False),
        (at(28, 22), True),
        (at(29, 3, 59), True),
        (at(29, 4), False),
        (at(30, 3), True),  # Monday: Sunday's goes on until four.
        (at(30, 22), False),
    ],
)
def test_a_window_over_midnight_is_of_the_day_it_began_on(moment: datetime, is_open: bool) -> None:
    assert WEEKEND.is_open(moment) is is_open


def test_a_window_opens_next_where_it_begins() -> None:
    assert WEEKEND.opens_after(NOW) == at(28, 22)
    assert WEEKEND.opens_after(at(28, 22)) == at(29, 22)


def test_days_alone_are_whole_days() -> None:
    sunday = Window.of([0], time(), time(), ZONE)
    assert sunday.opens_after(NOW) == at(29, 0)
    assert [sunday.is_open(at(29, hour)) for hour in (0, 12, 23)] == [True] * 3
    assert not sunday.is_open(at(30, 0))


def test_a_window_that_is_never_open_is_refused() -> None:
    with pytest.raises(BadTimetable, match="never be open"):
        Window.of([], time(4), time(4), ZONE)


def test_an_opening_in_the_hour_left_out_is_later_or_on_another_day() -> None:
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    long = Window.of([], time(2, 30), time(5), ZONE)
    assert long.opens_after(spring) == datetime(2026, 3, 29, 3, 30, tzinfo=ZONE)
    short = Window.of([], time(2, 10), time(2, 50), ZONE)
    assert short.opens_after(spring) == datetime(2026, 3, 30, 2, 10, tzinfo=ZONE)


def test_an_update_that_waits_is_applied_when_the_window_opens() -> None:
    course = Course(parse("0 12 * * *", ZONE), WEEKEND)
    assert not course.may_change(NOW)
    assert course.after(NOW, NOW, is_owed=True) == at(26, 12)
    saturday = at(28, 12)
    assert course.after(saturday, saturday, is_owed=True) == at(28, 22)
    assert course.after(saturday, saturday) == at(29, 12)


def test_the_preview_says_when_changes_are_made() -> None:
    course = Course(parse("0 12 * * *", ZONE), Window.of([], time(22), time(23), ZONE))
    found = list(islice(course.upcoming(None, NOW), 3))
    assert found == [(at(26, 12), False), (at(26, 22), True), (at(27, 12), False)]
