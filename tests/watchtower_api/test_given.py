"""Parameters as they come in addresses."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from updates.watchtower_api import given
from updates.watchtower_api.answers import Refused
from updates.watchtower_api.durations import seconds_of, words_of


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ()),
        ("image=", ()),
        ("image=a,b&image=c", ("a", "b", "c")),
        ("image=%20a%20,,b", ("a", "b")),
        ("other=a", ()),
    ],
)
def test_lists_are_repeated_or_separated_by_commas(query: str, found: tuple[str, ...]) -> None:
    assert given.listed(QueryDict(query), "image") == found


@pytest.mark.parametrize("value", [",".join("a" * 201), "a" * 1001])
def test_a_list_has_bounds(value: str) -> None:
    with pytest.raises(Refused) as refused:
        given.listed(QueryDict(f"image={value}"), "image")
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-20T11:30:45Z", datetime(2026, 1, 20, 11, 30, 45, tzinfo=UTC)),
        ("2026-01-20T11:30:45%2B02:00", datetime(2026, 1, 20, 9, 30, 45, tzinfo=UTC)),
        ("2026-01-20T11:30:45.5Z", datetime(2026, 1, 20, 11, 30, 45, 500_000, tzinfo=UTC)),
        (
            "2026-01-20T11:30:45.123456789Z",
            datetime(2026, 1, 20, 11, 30, 45, 123_456, tzinfo=UTC),
        ),
    ],
)
def test_a_time_is_rfc_3339(text: str, moment: datetime) -> None:
    assert given.moment(QueryDict(f"since={text}"), "since") == moment


def test_no_time_is_none() -> None:
    assert given.moment(QueryDict(""), "since") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-01-20",
        "2026-01-20T11:30:45",
        "2026-13-20T11:30:45Z",
        "2026-02-30T11:30:45Z",
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-01-20T11:30:45Z%0A",
    ],
)
def test_anything_else_is_refused_with_the_parameters_name(text: str) -> None:
    with pytest.raises(Refused, match="invalid 'since' parameter") as refused:
        given.moment(QueryDict(f"since={text}"), "since")
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("text", "number"), [("", 500), ("0", 500), ("10", 10), ("99999999", 500), ("007", 7)]
)
def test_a_limit_is_a_whole_number(text: str, number: int) -> None:
    assert given.limit(QueryDict(f"limit={text}")) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "9" * 5000, "٣", "+1"])
def test_another_limit_is_refused(text: str) -> None:
    query = QueryDict(mutable=True)
    query["limit"] = text
    with pytest.raises(Refused, match="invalid 'limit' parameter"):
        given.limit(query)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("2m", 120),
        ("1h2m3.5s", 3723.5),
        ("250ms", 0.25),
        (".5s", 0.5),
        ("+1m", 60),
        ("10µs", 1e-5),
        ("", None),
        ("10", None),
        ("-5s", None),
        ("0s", None),
        ("5 s", None),
        ("1.5.5s", None),
        ("5d", None),
        ("9" * 100 + "s", None),
    ],
)
def test_durations_are_gos(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == (pytest.approx(seconds) if seconds else None)


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2), ("15m", 600), ("soon", 600), ("", 600)])
def test_a_timeout_is_no_longer_than_the_longest(text: str, seconds: float) -> None:
    assert given.timeout_s(QueryDict(f"timeout={text}"), 600.0) == seconds


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0s"),
        (250, "250ms"),
        (1250, "1.25s"),
        (60_000, "1m0s"),
        (3_723_500, "1h2m3.5s"),
        (3_600_000, "1h0m0s"),
    ],
)
def test_durations_are_written_as_go_writes_them(milliseconds: int, words: str) -> None:
    assert words_of(milliseconds) == words
