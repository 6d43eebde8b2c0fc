"""One request against servers that mean no good: it ends, in time, as a sentence."""

import gzip
import socket
import time

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import Asker
from tests.registry.hostile import OK, Reply, endless, sending, serving
from updates.registry.addresses import PeerGuard
from updates.registry.errors import NotARegistry, RegistryError, TransportError
from updates.registry.messages import Call, Kind, next_hop
from updates.registry.tls.trust import TrustMode, ssl_context
from updates.registry.transport import Transport

JSON = b'{"schemaVersion": 2}'


def test_a_plain_answer_is_read_whole(asker: Asker) -> None:
    assert asker.ask(sending(OK, b"Content-Length: 20\r\n\r\n", JSON)) == JSON


def test_a_chunked_answer_is_read_whole(asker: Asker) -> None:
    chunks = b"a\r\n" + JSON[:10] + b"\r\na\r\n" + JSON[10:] + b"\r\n0\r\n\r\n"

    assert asker.ask(sending(OK, b"Transfer-Encoding: chunked\r\n\r\n", chunks)) == JSON


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("framing", [b"", b"Content-Length: 99999999999\r\n"])
def test_an_endless_body_is_not_read_to_its_end(asker: Asker, kind: Kind, framing: bytes) -> None:
    with pytest.raises(NotARegistry, match="an answer without end"):
        asker.ask(endless(OK + framing + b"\r\n", b"x" * 65536), kind=kind)


def test_a_body_that_drips_is_given_up(asker: Asker) -> None:
    started = time.monotonic()

    with pytest.raises(TransportError, match="too slowly"):
        asker.ask(endless(OK + b"\r\n", b" ", pause_s=0.1))

    assert time.monotonic() - started < 4


def test_headers_that_drip_are_given_up(asker: Asker) -> None:
    started = time.monotonic()

    with pytest.raises(TransportError, match="did not answer in time"):
        asker.ask(endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause_s=0.1))

    assert time.monotonic() - started < 4


def test_a_half_closed_connection_is_a_sentence(asker: Asker) -> None:
    def half_close(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 50\r\n\r\n" + JSON)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    with pytest.raises(TransportError, match=r"^127\.0\.0\.1:\d+ .*\.$"):
        asker.ask(half_close)


def test_silence_is_given_up(asker: Asker) -> None:
    with pytest.raises(TransportError, match="did not answer in time"):
        asker.ask(lambda _: time.sleep(0.7))


def test_a_redirect_with_an_endless_body_is_not_read(asker: Asker) -> None:
    head = b"HTTP/1.1 307 X\r\nLocation: ftp://x/\r\n\r\n"

    with pytest.raises(NotARegistry):
        asker.ask(endless(head, b"x" * 65536))


@pytest.mark.parametrize(
    "reply",
    [
        sending(),
        sending(b"\x00" * 100),
        sending(b"SSH-2.0-OpenSSH_9.2\r\n"),
        sending(OK, b"Content-Length: 50\r\n\r\n", JSON),
        sending(OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        sending(OK, b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc"),
        sending(OK, b"X: " + b"x" * 70_000 + b"\r\n\r\n"),
        sending(OK, b"X: y\r\n" * 500, b"\r\n"),
        sending(b"HTTP/1.1 999999 X\r\n\r\n"),
        sending(b"HTTP/1.1 abc\r\n\r\n"),
    ],
    ids=range(10),
)
def test_what_is_not_http_or_breaks_off_is_a_sentence(asker: Asker, reply: Reply) -> None:
    with pytest.raises(RegistryError, match=r"^127\.0\.0\.1:\d+ .*\.$"):
        asker.ask(reply)


def test_a_compressed_answer_is_refused_and_never_unpacked(asker: Asker) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)

    with pytest.raises(NotARegistry, match="compresses its answer"):
        asker.ask(sending(OK, b"Content-Encoding: gzip\r\n\r\n", bomb))


def test_a_large_challenge_ends_in_time(asker: Asker) -> None:
    challenge = b'Bearer realm="https://x/' + b'",a="' * 10_000
    head = b"HTTP/1.1 401 X\r\nContent-Length: 0\r\nWWW-Authenticate: " + challenge + b"\r\n\r\n"
    with serving(sending(head)) as address:
        answer = asker.transport.send(Call("HEAD", f"http://{address}/x", Kind.MANIFEST))

    assert len(answer.challenges[0]) > 50_000


def test_challenges_in_several_headers_are_kept_apart(asker: Asker) -> None:
    head = (
        b'HTTP/1.1 401 X\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm="a, b"\r\n'
    )
    with serving(sending(head, b"Content-Length: 0\r\n\r\n")) as address:
        answer = asker.transport.send(Call("GET", f"http://{address}/x", Kind.PING))

    assert answer.challenges == ("Negotiate", 'Basic realm="a, b"')


def test_cookies_are_neither_kept_nor_sent(asker: Asker, registry: FakeRegistry) -> None:
    registry.behaviour.headers = {"Set-Cookie": "session=1; Path=/"}
    for _ in range(2):
        asker.transport.send(Call("GET", f"{registry.url}/v2/", Kind.PING))

    assert [seen.cookie for seen in registry.seen] == ["", ""]


def test_the_environment_has_no_say(
    asker: Asker, registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert asker.transport.send(Call("GET", f"{registry.url}/v2/", Kind.PING)).status == 200


def test_plain_http_is_not_spoken_unless_allowed(registry: FakeRegistry) -> None:
    transport = Transport(ssl_context(TrustMode.SYSTEM, None), PeerGuard("127.0.0.1"))

    with pytest.raises(NotARegistry, match="without TLS"):
        transport.send(Call("GET", f"{registry.url}/v2/", Kind.PING, authorization="Basic x"))

    transport.close()
    assert registry.seen == []


def test_a_circle_of_redirects_ends(asker: Asker, registry: FakeRegistry) -> None:
    registry.behaviour.redirect_to = registry.url

    with pytest.raises(NotARegistry, match="redirects without end"):
        asker.transport.send(Call("HEAD", f"{registry.url}/v2/a/manifests/1", Kind.MANIFEST))

    assert len(registry.seen) == 6


def test_a_redirect_leads_to_no_address_nearer_than_the_registry(registry: FakeRegistry) -> None:
    public = PeerGuard("registry.example", resolver=lambda _: ("1.1.1.1",))
    transport = Transport(ssl_context(TrustMode.SYSTEM, None), public, plain_http=True)

    with pytest.raises(NotARegistry, match=r"registry\.example leads to 127\.0\.0\.1, a loopback"):
        transport.send(Call("GET", f"{registry.url}/v2/", Kind.PING))

    transport.close()
    assert registry.seen == []


HERE = "https://lab.example:5000/v2/a/manifests/1"


@pytest.mark.parametrize(
    ("location", "keeps_secret"),
    [
        ("/v2/b/manifests/1", True),
        ("?page=2", True),
        ("https://lab.example:5000/else", True),
        ("https://LAB.example:5000/else", True),
        ("//lab.example:5000/else", True),
        ("https://lab.example/else", False),
        ("https://lab.example:5001/else", False),
        ("https://cdn.example:5000/else", False),
        ("https://lab.example.evil:5000/", False),
    ],
)
def test_a_secret_travels_within_its_origin_only(location: str, keeps_secret: bool) -> None:
    call = Call("HEAD", HERE, Kind.MANIFEST, authorization="Bearer t")

    hop = next_hop(call, location)

    assert bool(hop.authorization) is keeps_secret


@pytest.mark.parametrize("location", [None, "http://lab.example:5000/x", "https://[::1", "//:x/"])
def test_a_redirect_to_nowhere_or_to_plain_http_is_refused(location: str | None) -> None:
    with pytest.raises(NotARegistry, match="redirects"):
        next_hop(Call("HEAD", HERE, Kind.MANIFEST), location)


def test_a_token_request_is_redirected_within_its_origin_only() -> None:
    call = Call("GET", "https://auth.example/token", Kind.TOKEN, authorization="Basic x")

    assert next_hop(call, "/token/").authorization == "Basic x"
    with pytest.raises(NotARegistry, match=r"redirects a token request to evil\.example"):
        next_hop(call, "https://evil.example/token")
