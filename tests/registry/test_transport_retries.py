"""What is tried again and what is final; and which statuses are answers."""

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import Asker, Clock
from tests.registry.hostile import endless, sending, serving
from updates.registry.errors import NotARegistry, TLSFailure, TransportError
from updates.registry.messages import Call, Kind


def test_broken_connections_are_tried_again_twice_and_observed(asker: Asker, clock: Clock) -> None:
    with pytest.raises(TransportError):
        asker.ask(sending())

    assert [request.status for request in asker.observed] == [None] * 3
    assert len(clock.sleeps) == 2


@pytest.mark.parametrize(
    "part", [b"", b"Docker-Conte", b"Content-Length: 2", b"Content-Length: 20\r\n", b"X: y\r\n\r"]
)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_headers_that_break_off_are_not_taken_for_whole(
    asker: Asker, part: bytes, method: str
) -> None:
    with pytest.raises(TransportError, match="broke the connection off"):
        asker.ask(sending(b"HTTP/1.1 200 OK\r\n" + part), method=method)

    assert len(asker.observed) == 3, "it is tried again"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_server_error_is_tried_again_twice(
    asker: Asker, registry: FakeRegistry, clock: Clock, status: int
) -> None:
    registry.behaviour.status = status

    answer = asker.transport.send(Call("HEAD", f"{registry.url}/v2/a/manifests/1", Kind.MANIFEST))

    assert (answer.status, len(registry.seen), len(clock.sleeps)) == (status, 3, 2)


@pytest.mark.parametrize("status", [400, 403, 404, 408, 418, 429, 501, 505])
def test_what_will_not_pass_is_not_tried_again(
    asker: Asker, registry: FakeRegistry, clock: Clock, status: int
) -> None:
    registry.behaviour.status = status

    answer = asker.transport.send(Call("HEAD", f"{registry.url}/v2/a/manifests/1", Kind.MANIFEST))

    assert (answer.status, len(registry.seen), clock.sleeps) == (status, 1, [])


def test_a_failure_of_tls_is_not_tried_again(
    tls_registry: FakeRegistry, clock: Clock, asker: Asker
) -> None:
    with pytest.raises(TLSFailure):
        asker.transport.send(Call("GET", f"{tls_registry.url}/v2/", Kind.PING))

    assert (len(asker.observed), clock.sleeps) == (1, [])


def test_the_beginning_of_a_429_is_kept_and_no_more(asker: Asker) -> None:
    head = b"HTTP/1.1 429 X\r\n\r\n"
    with serving(endless(head, b"slow down. " * 6000)) as address:
        answer = asker.transport.send(Call("GET", f"http://{address}/x", Kind.TOKEN))

    assert answer.body.startswith(b"slow down. ")
    assert len(answer.body) <= 4096


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_an_unchanged_answer_is_an_answer_to_who_asked_for_it(asker: Asker, method: str) -> None:
    reply = sending(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    with serving(reply) as address:
        call = Call(method, f"http://{address}/x", Kind.MANIFEST, if_none_match='"1"')
        answer = asker.transport.send(call)

    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize("kind", list(Kind))
def test_an_unchanged_answer_to_who_has_nothing_is_refused(asker: Asker, kind: Kind) -> None:
    with pytest.raises(NotARegistry, match="what nobody has is unchanged"):
        asker.ask(sending(b"HTTP/1.1 304 Not Modified\r\n\r\n"), kind=kind)
