"""The WWW-Authenticate grammar, and what servers make of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.registry.challenge import Challenge, choose_challenge, parse_challenges

HUB = (
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
    'scope="repository:library/nginx:pull,push"'
)

READ = [
    ([], []),
    ([""], []),
    (["Negotiate"], [("negotiate", {}, "")]),
    (["Negotiate abc=="], [("negotiate", {}, "abc==")]),
    (
        ["Negotiate abc==, Basic realm=x"],
        [("negotiate", {}, "abc=="), ("basic", {"realm": "x"}, "")],
    ),
    (["Negotiate, Basic realm=x"], [("negotiate", {}, ""), ("basic", {"realm": "x"}, "")]),
    (['BASIC REALM="a, b"'], [("basic", {"realm": "a, b"}, "")]),
    ([r'Basic realm="a \"b\" \\c"'], [("basic", {"realm": r'a "b" \c'}, "")]),
    (
        ['Basic realm = "x" , charset = "UTF-8"'],
        [("basic", {"realm": "x", "charset": "UTF-8"}, "")],
    ),
    (
        ['Basic realm="a"', 'Digest realm="b"'],
        [("basic", {"realm": "a"}, ""), ("digest", {"realm": "b"}, "")],
    ),
    (['Bearer realm="r" service="s"'], [("bearer", {"realm": "r", "service": "s"}, "")]),
    (
        ['Bearer realm="r" Basic realm="b"'],
        [("bearer", {"realm": "r"}, ""), ("basic", {"realm": "b"}, "")],
    ),
    (['Bearer realm="r",realm="evil"'], [("bearer", {"realm": "r"}, "")]),
    (['Bearer realm="unterminated'], [("bearer", {"realm": "unterminated"}, "")]),
    (['Bearer realm="ends in a backslash\\'], [("bearer", {"realm": "ends in a backslash"}, "")]),
    (['Bearer realm="",service='], [("bearer", {"realm": "", "service": ""}, "")]),
    ([', ,Basic realm="x",,'], [("basic", {"realm": "x"}, "")]),
    (['realm="no scheme"'], []),
    (['"""" ;;; @@'], []),
    (
        ['Bearer realm="r",error="invalid_token",x-y=1'],
        [("bearer", {"realm": "r", "error": "invalid_token", "x-y": "1"}, "")],
    ),
]


@pytest.mark.parametrize(("headers", "expected"), READ)
def test_a_header_reads_as_its_challenges(
    headers: list[str], expected: list[tuple[str, dict[str, str], str]]
) -> None:
    found = [(c.scheme, dict(c.parameters), c.token68) for c in parse_challenges(headers)]

    assert found == expected


def test_commas_in_quotes_do_not_part_a_scope() -> None:
    (challenge,) = parse_challenges([HUB])

    assert challenge.realm == "https://auth.docker.io/token"
    assert challenge.service == "registry.docker.io"
    assert challenge.scope == "repository:library/nginx:pull,push"


def test_a_missing_parameter_is_empty() -> None:
    assert (
        Challenge("bearer").realm == Challenge("bearer").service == Challenge("bearer").scope == ""
    )


@pytest.mark.parametrize(
    ("headers", "scheme"),
    [
        ([HUB], "bearer"),
        (['Basic realm="x"', HUB], "bearer"),
        ([f'Basic realm="x", {HUB}'], "bearer"),
        (["Negotiate", "Basic realm=x"], "basic"),
        (["Bearer", "Basic realm=x"], "basic"),
        (["Basic"], "basic"),
    ],
)
def test_bearer_with_a_realm_comes_before_basic(headers: list[str], scheme: str) -> None:
    chosen = choose_challenge(parse_challenges(headers))

    assert chosen is not None
    assert chosen.scheme == scheme


@pytest.mark.parametrize("headers", [[], ["Negotiate"], ['Digest realm="x"'], ["Bearer"]])
def test_an_unknown_way_in_is_not_chosen(headers: list[str]) -> None:
    assert choose_challenge(parse_challenges(headers)) is None


_name = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
_value = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)
_challenges = st.lists(
    st.tuples(_name, st.dictionaries(_name, _value, min_size=1, max_size=3)), max_size=3
)


def _written(challenges: list[tuple[str, dict[str, str]]]) -> str:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return ", ".join(
        f"{scheme} " + ", ".join(f"{name}={quoted(value)}" for name, value in parameters.items())
        for scheme, parameters in challenges
    )


@given(_challenges)
def test_what_is_written_by_the_rules_is_read_back(
    challenges: list[tuple[str, dict[str, str]]],
) -> None:
    found = [(c.scheme, dict(c.parameters)) for c in parse_challenges([_written(challenges)])]

    assert found == challenges


@given(st.lists(st.text() | st.text('aB=", \t\\')))
def test_nothing_makes_the_parser_fail(headers: list[str]) -> None:
    parse_challenges(headers)


@pytest.mark.parametrize(
    "piece", ['a="', "a ", "a", " ", '"\\', "a=", "a=b ", ",", "a\t=", "=", "a =="]
)
def test_64_kilobytes_of_rubbish_take_no_time(piece: str) -> None:
    started = time.process_time()

    parse_challenges([piece * (65536 // len(piece)) + "\\"])

    assert time.process_time() - started < 2.0
