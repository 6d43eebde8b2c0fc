"""Servers that mean no good: each check ends in time, as a sentence, with nothing leaked.

The real client against raw sockets on loopback. `{0}` in a sentence is the address.
"""

import gzip
import socket
import time

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT
from tests.registry.desk import Desk, judged
from tests.registry.hostile import OK, Reply, endless, sending, serving
from updates.registry.errors import AuthError, NotARegistry, RegistryError, TransportError

NO_LOGIN = "{0} refuses access (401) without saying how to log in."
NO_REALM = "{0} names a token service that has no usable address."
UNAUTHORISED = b"HTTP/1.1 401 X\r\nContent-Length: 0\r\n"
WITHOUT_END = b"X: " + b"x" * 70_000 + b"\r\n\r\n"
BOMB = gzip.compress(b" " * 50_000_000)
COMPRESSED = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB)
BROKEN_OFF = "{0} broke the connection off before its answer was whole."
LATE = "{0} took the request but did not answer in time."


def silence(_: socket.socket) -> None:
    time.sleep(0.4)


HOSTILE: dict[str, tuple[Reply, type[RegistryError], str]] = {
    "no challenge header": (sending(UNAUTHORISED, b"\r\n"), AuthError, NO_LOGIN),
    "a challenge of 60 KB": (
        sending(UNAUTHORISED, b"WWW-Authenticate: Bearer " + b"a" * 60_000 + b"\r\n\r\n"),
        NotARegistry,
        NO_REALM,
    ),
    "a header without end": (sending(OK, WITHOUT_END), TransportError, BROKEN_OFF),
    "nothing": (sending(), TransportError, BROKEN_OFF),
    "half a header": (sending(b"HTTP/1.1 200 OK\r\nContent"), TransportError, BROKEN_OFF),
    "half a body": (
        sending(OK, b"Content-Length: 50\r\n\r\n", b"{"),
        TransportError,
        BROKEN_OFF,
    ),
    "another protocol": (sending(b"SSH-2.0-OpenSSH_9.2\r\n"), TransportError, BROKEN_OFF),
    "silence": (silence, TransportError, LATE),
    "headers byte by byte": (
        endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause_s=0.1),
        TransportError,
        LATE,
    ),
    "a body byte by byte": (
        endless(OK + b"\r\n", b" ", pause_s=0.1),
        TransportError,
        "{0} sends its answer too slowly.",
    ),
    "a body without end": (
        endless(OK + b"\r\n", b" " * 65536),
        NotARegistry,
        "{0} sends an answer without end, not a manifest.",
    ),
    "a gzip bomb": (
        sending(OK, COMPRESSED, BOMB),
        NotARegistry,
        "{0} compresses its answer although it was asked not to.",
    ),
    "a redirect to nowhere": (
        sending(b"HTTP/1.1 307 X\r\nContent-Length: 0\r\n\r\n"),
        NotARegistry,
        "{0} redirects to nowhere.",
    ),
    "a redirect to a file": (
        sending(b"HTTP/1.1 307 X\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
        NotARegistry,
        "{0} redirects to nowhere.",
    ),
    "a redirect in a circle": (
        sending(b"HTTP/1.1 307 X\r\nLocation: /v2/?service=x\r\nContent-Length: 0\r\n\r\n"),
        NotARegistry,
        "{0} redirects without end.",
    ),
    "TLS where plain HTTP is expected": (
        sending(b"\x15\x03\x01\x00\x02\x02\x0a"),
        TransportError,
        BROKEN_OFF,
    ),
}


@pytest.fixture
def desk(caplog: pytest.LogCaptureFixture) -> Desk:
    return Desk(caplog)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_server_that_means_no_good_ends_in_a_sentence(case: str, desk: Desk) -> None:
    reply, error, sentence = HOSTILE[case]
    with serving(reply) as address:
        complaint = desk.complaint(address, credentials=ROBOT)

    assert judged(complaint) == (error, sentence.format(address))


@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (
            sending(OK, COMPRESSED, BOMB),
            NotARegistry,
            "{0} compresses its answer although it was asked not to.",
        ),
        (
            endless(OK + b"\r\n", b" " * 65536),
            NotARegistry,
            "{0} sends an answer without end, not a token.",
        ),
        (silence, TransportError, LATE),
        (sending(), TransportError, BROKEN_OFF),
        (
            sending(b"HTTP/1.1 302 X\r\nLocation: https://evil.example/?scope=x\r\n\r\n"),
            NotARegistry,
            "{0} redirects a token request to evil.example: not followed.",
        ),
    ],
    ids=["gzip bomb", "no end", "silence", "nothing", "redirect"],
)
def test_a_token_service_that_means_no_good_ends_in_a_sentence(
    desk: Desk, registry: FakeRegistry, reply: Reply, error: type[RegistryError], sentence: str
) -> None:
    with serving(reply) as address:
        registry.behaviour.auth = "bearer"
        registry.behaviour.realm = f"http://{address}/token"
        complaint = desk.complaint(registry.address, credentials=ROBOT)

    assert judged(complaint) == (error, sentence.format(address))


def test_a_circle_of_two_hosts_ends(desk: Desk, registry: FakeRegistry) -> None:
    with FakeRegistry() as other:
        registry.behaviour.redirect_to = other.url
        other.behaviour.redirect_to = registry.url
        error = desk.complaint(registry.address, credentials=ROBOT)

        assert {seen.authorization for seen in other.seen} == {""}
    assert type(error) is NotARegistry
    assert str(error).endswith(" redirects without end.")
