"""The WWW-Authenticate grammar, and what servers make of it."""

import re
import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.registry.challenge import Challenge, choose_challenge, parse_challenges

HUB = (
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
    'scope="repository:library/nginx:pull,push"'
)

# fmt: off
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
    (["Bearer realm=https://auth.lab:5001/token?a=b,service=lab"],
     [("bearer", {"realm": "https://auth.lab:5001/token?a=b", "service": "lab"}, "")]),
    (['bEaReR ReAlM="CaSe",SERVICE="Kept"'],
     [("bearer", {"realm": "CaSe", "service": "Kept"}, "")]),
    (['Bearer\trealm="r"'], [("bearer", {"realm": "r"}, "")]),
    (['Bearer   realm="r"  ,  service="s"  '], [("bearer", {"realm": "r", "service": "s"}, "")]),
    (['Bearer, realm="r"'], [("bearer", {"realm": "r"}, "")]),
    (["NTLM, Negotiate", 'Basic realm="x"'],
     [("ntlm", {}, ""), ("negotiate", {}, ""), ("basic", {"realm": "x"}, "")]),
    (["NTLM TlRMTVNTUAAB/+==", 'Bearer realm="r"'],
     [("ntlm", {}, "TlRMTVNTUAAB/+=="), ("bearer", {"realm": "r"}, "")]),
    (['NTLM Basic realm="x"'], [("ntlm", {}, ""), ("basic", {"realm": "x"}, "")]),
    (['Digest realm="x", qop="auth,auth-int", nonce="a=b", algorithm=MD5, Basic realm="y"'],
     [("digest", {"realm": "x", "qop": "auth,auth-int", "nonce": "a=b", "algorithm": "MD5"}, ""),
      ("basic", {"realm": "y"}, "")]),
    (['Bearer realm="r",scope="repository:a:pull repository:b:pull,push"'],
     [("bearer", {"realm": "r", "scope": "repository:a:pull repository:b:pull,push"}, "")]),
    (['Bearer realm="r",error="insufficient_scope",error_description="say \\"please\\", twice"'],
     [("bearer", {"realm": "r", "error": "insufficient_scope",
                  "error_description": 'say "please", twice'}, "")]),
    (['Basic realm="größer"'], [("basic", {"realm": "größer"}, "")]),
    (["Bearer realm="], [("bearer", {}, "realm=")]),
    (["Bearer realm=,service=s"], [("bearer", {"service": "s"}, "realm=")]),
    (["Basic realm='x y'"], [("basic", {"realm": "'x"}, ""), ("y'", {}, "")]),
    (['Bearer realm="r";service="s"'], [("bearer", {"realm": "r", "service": "s"}, "")]),
    (["Basic", "", " ", "Basic"], [("basic", {}, ""), ("basic", {}, "")]),
    (['realm="no scheme"'], []),
    (['"""" ;;; @@'], []),
    (
        ['Bearer realm="r",error="invalid_token",x-y=1'],
        [("bearer", {"realm": "r", "error": "invalid_token", "x-y": "1"}, "")],
    ),
]
# fmt: on


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
        (["NTLM", "Negotiate", 'Digest realm="x"', 'Basic realm="x"', HUB], "bearer"),
        (['Bearer realm=""', 'Basic realm="x"'], "basic"),
        (['Bearer service="s"', HUB], "bearer"),
    ],
)
def test_bearer_with_a_realm_comes_before_basic(headers: list[str], scheme: str) -> None:
    chosen = choose_challenge(parse_challenges(headers))

    assert chosen is not None
    assert chosen.scheme == scheme


@pytest.mark.parametrize("headers", [[], ["Negotiate"], ['Digest realm="x"'], ["Bearer"]])
def test_an_unknown_way_in_is_not_chosen(headers: list[str]) -> None:
    assert choose_challenge(parse_challenges(headers)) is None


_name = st.from_regex(r"[a-z!#$&'*+.^_`|~-][a-z0-9_-]{0,8}", fullmatch=True)
_value = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)
_token68 = st.from_regex(r"[A-Za-z0-9._~+/-]{1,20}={0,2}", fullmatch=True)
_challenge = st.one_of(
    st.builds(Challenge, _name),
    st.builds(Challenge, _name, token68=_token68),
    st.builds(Challenge, _name, st.dictionaries(_name, _value, min_size=1, max_size=4)),
)


@dataclass(frozen=True, slots=True)
class Hand:
    """How a server writes: what it escapes, which letters it makes large, where it puts blanks."""

    escapes_all: bool
    is_loud: bool
    blank: str

    def written(self, challenge: Challenge) -> str:
        scheme = challenge.scheme.upper() if self.is_loud else challenge.scheme
        pairs = (self._pair(*pair) for pair in challenge.parameters.items())
        return f"{scheme} {challenge.token68}{f',{self.blank}'.join(pairs)}".rstrip(" ")

    def _pair(self, name: str, value: str) -> str:
        name = name.upper() if self.is_loud else name
        escaped = "".join(f"\\{c}" if self.escapes_all or c in '"\\' else c for c in value)
        is_plain = re.fullmatch(r"[A-Za-z0-9.-]+", value) and not self.escapes_all
        written = value if is_plain else f'"{escaped}"'
        return f"{name}{self.blank}={self.blank}{written}"


_hands = st.builds(Hand, st.booleans(), st.booleans(), st.sampled_from(["", " ", "\t ", "  "]))


@given(st.lists(_challenge, max_size=4), _hands)
def test_what_is_written_by_the_rules_is_read_back(written: list[Challenge], hand: Hand) -> None:
    headers = [hand.written(challenge) for challenge in written]

    assert parse_challenges(headers) == tuple(written)
    assert parse_challenges([", ".join(headers)]) == tuple(written)


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
