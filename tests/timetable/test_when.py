"""What people type is read, told in words, or refused with a sentence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from updates.timetable.errors import BadTimetable
from updates.timetable.when import parse, zone_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6h", "every 6 hours"),
        ("@every 300s", "every 5 minutes"),
        ("1d 12h", "every 1 day 12 hours"),
        ("60s", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("* * * * *", "every minute"),
        ("* * * * * *", "every second"),
        ("*/10 * * * * *", "every 10 seconds"),
        ("@hourly", "every hour"),
        ("@DAILY", "every day at 00:00"),
        ("0 30 4 * * *", "every day at 04:30"),
        ("15 30 4 * * *", "every day at 04:30:15"),
        ("'0 0 4 * * *'", "every day at 04:00"),
        ("30 * * * *", "every hour at minute 30"),
        ("5,35 * * * *", "every hour at minutes 5 and 35"),
        ("0 */2 * * *", "every 2 hours"),
        ("*/5 1-3 * * *", "every 5 minutes of the hours 1 to 3"),
        ("0 4 * * mon-fri", "every Monday to Friday at 04:00"),
        ("0 6,18 * * 6,0", "every Saturday and Sunday at 06:00 and 18:00"),
        ("0 4 1 * *", "on day 1 of the month at 04:00"),
        ("0 4 L * *", "on the last day of the month at 04:00"),
        ("0 4 1 * 1", "on day 1 of the month and every Monday at 04:00"),
        ("0 4 * 1,6 *", "every day in January and June at 04:00"),
        ("0 4 * * 5#2", "by the cron rule 0 4 * * 5#2"),
    ],
)
def test_it_is_told_in_words(text: str, words: str) -> None:
    assert parse(text, BERLIN).words == words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say when"),
        ("soon", "'soon' is no interval"),
        ("12", "five fields"),
        ("0s", "from one second to 366 days"),
        ("9999d", "from one second to 366 days"),
        ("@every", "is no interval"),
        ("@reboot", "'@reboot' is none of"),
        ("1 2 3 4", "these are 4"),
        ("0 0 4 * * * 2030", "these are 7"),
        ("61 * * * *", "'61 * * * *' is no cron expression: out of range."),
        ("*/0 * * * *", "step '0' in field 0"),
        ("R 4 * * *", "'R' cannot be read"),
        ("0 4 * * *;x", "cannot be read"),
        ("0 4 30 2 *", "That day never comes"),
        ("x" * 201, "longer than 200"),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadTimetable) as caught:
        parse(text, BERLIN)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["", "Berlin", "../etc/passwd", "/etc/localtime", "Europe"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadTimetable, match="is no time zone"):
        zone_of(name)


FIELD = st.text(alphabet="0123456789*/,-?#LRHJANMONW@smhd", min_size=1, max_size=12)


@settings(deadline=2000, max_examples=300)
@given(st.lists(FIELD, max_size=7).map(" ".join))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        timetable = parse(text, BERLIN)
    except BadTimetable:
        return
    assert timetable.next_after(NOW) > NOW
    assert timetable.words


@given(st.integers(1, 86_400), st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_interval_keeps_its_beat_whatever_was_missed(every: int, last: int, later: int) -> None:
    start = NOW + timedelta(seconds=last)
    moment = start + timedelta(seconds=later)
    tick = parse(f"{every}s", BERLIN).next_after(moment, start)
    assert moment < tick <= moment + timedelta(seconds=every)
    assert (tick - start).total_seconds() % every == 0
