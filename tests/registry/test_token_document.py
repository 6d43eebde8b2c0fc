"""What a token service sends, and how long what it sends is good."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from updates.registry.errors import NotARegistry
from updates.registry.messages import Answer
from updates.registry.token_document import read_token
from updates.registry.tokens import Token

NOW = 1_800_000_000.0


def read(body: str | bytes) -> Token:
    content = body.encode() if isinstance(body, str) else body
    url = "https://auth.lab:5001/token?scope=secret"
    return read_token(Answer(200, url, CaseInsensitiveDict(), (), content), now=NOW)


@pytest.mark.parametrize(
    ("life", "seconds"),
    [("300", 300), ('"300"', 300), ("300.5", 300.5), ('"300.5"', 300.5), ("3e2", 300),
     ("null", 60), ("0", 60), ("-0.0", 60), ("1", 60), ("59.9", 60), ("60", 60), ("-5", 60),
     ("-1e300", 60), ("86400", 86400), ("86401", 86400), ("1e300", 86400), ("1e999", 86400),
     ("9" * 400, 86400), ("-" + "9" * 400, 60), ('"' + "9" * 400 + '"', 86400), ("NaN", 60),
     ('"NaN"', 60), ("Infinity", 86400), ("-Infinity", 60), ("true", 60), ("[]", 60), ("{}", 60),
     ('""', 60), ('"soon"', 60), ('"300s"', 60)],
)  # fmt: skip
def test_a_token_lives_as_long_as_said_within_reason(life: str, seconds: float) -> None:
    body = f'{{"token": "t", "expires_in": {life}}}'.encode()

    assert read(body).expires_at == NOW + seconds


def test_a_token_that_names_no_lifetime_lives_a_minute() -> None:
    assert read(b'{"token": "t"}').expires_at == NOW + 60


@pytest.mark.parametrize(
    ("offset_s", "believed"), [(-100, True), (0, True), (-200, False), (-9999, False), (50, False)]
)
def test_the_servers_clock_is_believed_if_the_token_is_still_young(
    offset_s: float, believed: bool
) -> None:
    issued = datetime.fromtimestamp(NOW + offset_s, UTC).isoformat().replace("+00:00", "Z")
    body = f'{{"token": "t", "expires_in": 300, "issued_at": "{issued}"}}'

    started = NOW + (offset_s if believed else 0)
    assert read(body).expires_at == started + 300


@pytest.mark.parametrize(
    "issued",
    [
        "2027-01-15T07:59:50Z",
        "2027-01-15T07:59:50.000000000Z",
        "2027-01-15T07:59:50.000000999Z",
        "2027-01-15T07:59:50.0Z",
        "2027-01-15T08:59:50+01:00",
        "2027-01-15T08:59:50.000000000+01:00",
        "2027-01-14T19:59:50-12:00",
        "2027-01-15T07:59:50+00:00",
        "2027-01-15T07:59:50",
        "2027-01-15 07:59:50Z",
    ],
)
def test_every_way_to_write_a_time_is_read(issued: str) -> None:
    body = f'{{"token": "t", "expires_in": 300, "issued_at": "{issued}"}}'

    assert read(body).expires_at == NOW - 10 + 300


def test_fractions_of_a_second_count() -> None:
    body = b'{"token": "t", "expires_in": 300, "issued_at": "2027-01-15T07:59:50.123456789Z"}'

    assert read(body).expires_at == pytest.approx(NOW - 10 + 0.123456 + 300, abs=1e-6)


@pytest.mark.parametrize("life_s", [1, 60, 300, 86400, 10**9])
@pytest.mark.parametrize("offset_s", [-(10**9), -86400, -40, -29, 0, 29, 86400, 10**9])
def test_no_token_is_stale_when_it_arrives(life_s: int, offset_s: int) -> None:
    issued = datetime.fromtimestamp(NOW + offset_s, UTC).isoformat()
    body = f'{{"token": "t", "expires_in": {life_s}, "issued_at": "{issued}"}}'

    token = read(body)

    assert token.is_fresh(NOW)
    assert NOW + 30 < token.expires_at <= NOW + 86400


@pytest.mark.parametrize(
    "issued",
    ['"yesterday"', "5", "null", "true", "[]", '""', '"2027-13-40T00:00:00Z"',
     '"2027-01-15T07:59:60Z"', '"0001-01-01T00:00:00Z"', '"0001-01-01T00:00:00+14:00"',
     '"9999-12-31T23:59:59-14:00"', '"2027-01-15T07:59:50+99:00"', '"' + "9" * 5000 + '"'],
    ids=range(13),
)  # fmt: skip
def test_a_rubbish_time_of_issue_is_now(issued: str) -> None:
    body = f'{{"token": "t", "issued_at": {issued}}}'.encode()

    assert read(body).expires_at == NOW + 60


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"<html>", b"[]", b"null", b'"t"', b"[" * 60_000, b"\xff\xfe", b'{"token": "t"',
     b"{'token': 't'}", b'{"token": "t"} x', b'{"token": "t", "expires_in": ' + b"9" * 5000 + b"}"],
    ids=range(12),
)  # fmt: skip
def test_an_answer_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotARegistry) as refused:
        read(body)
    assert str(refused.value) == (
        "The token service auth.lab:5001 sends something that is no token."
    )


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"token": ""}', b'{"token": null}', b'{"token": 5}', b'{"token": ["t"]}',
     b'{"token": "a\\r\\nX: y"}', b'{"token": "a\\u0000"}', b'{"token": "a\\u007f"}',
     b'{"token": "a b"}', '{"token": "größer"}'.encode(), b'{"Token": "t"}',
     b'{"token": "", "access_token": ""}', b'{"token": "' + b"t" * 16385 + b'"}'],
    ids=range(13),
)  # fmt: skip
def test_an_answer_that_holds_no_usable_token_is_refused(body: bytes) -> None:
    with pytest.raises(NotARegistry) as refused:
        read(body)
    assert str(refused.value) == "The token service auth.lab:5001 sends no usable token."


@pytest.mark.parametrize(
    "body",
    [b'{"token": "t"}', b'\xef\xbb\xbf{"token": "t"}', '{"token": "t"}'.encode("utf-16"),
     b'{"token": "t", "access_token": "other"}', b'{"token": "", "access_token": "t"}',
     b'{"token": null, "access_token": "t", "refresh_token": "kept by nobody"}',
     b'{"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "x"}'],
    ids=range(7),
)  # fmt: skip
def test_a_token_is_found_wherever_it_may_stand(body: bytes) -> None:
    assert read(body).value == "t"


def test_a_token_of_16_kilobytes_is_taken() -> None:
    body = b'{"token": "' + b"t" * 16384 + b'"}'

    assert len(read(body).value) == 16384


@given(st.binary() | st.text().map(str.encode) | st.text('{"token":[]1.e-}').map(str.encode))
def test_any_body_is_a_token_or_a_sentence(body: bytes) -> None:
    try:
        token = read(body)
    except NotARegistry:
        return
    assert token.value


_json: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([])
)


@given(_json, _json)
def test_any_life_and_time_of_issue_make_a_token_that_is_fresh(
    life: object, issued: object
) -> None:
    token = read(json.dumps({"token": "t", "expires_in": life, "issued_at": issued}))

    assert token.is_fresh(NOW)
    assert token.expires_at <= NOW + 86400
