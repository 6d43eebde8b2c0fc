"""Probes of real sockets on loopback."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from updates.runs.prober import probe


class Health(BaseHTTPRequestHandler):
    """Answers with the number in its path."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:4]))
        self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on stderr."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def nobody() -> int:
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_an_open_port_is_enough_for_tcp(port: int) -> None:
    assert probe(f"tcp://127.0.0.1:{port}", 2) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [("200", ""), ("302", ""), ("404", "it answers 404."), ("503", "it answers 503.")],
)
def test_an_answer_below_400_is_enough_for_http(port: int, path: str, why: str) -> None:
    assert probe(f"http://127.0.0.1:{port}/{path}?x=1", 2) == why


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:{port}", "nothing accepts a connection there."),
        ("http://127.0.0.1:{port}/", "it does not answer."),
        ("tcp://127.0.0.1:99999", "nothing accepts a connection there."),
        ("http://no.such.name.invalid/", "it does not answer."),
    ],
)
def test_silence_has_its_sentence(nobody: int, address: str, why: str) -> None:
    assert probe(address.format(port=nobody), 2) == why


def test_tls_is_asked_of_what_speaks_none(port: int) -> None:
    assert probe(f"https://127.0.0.1:{port}/200", 2) in (
        "its certificate is not trusted.",
        "it does not answer.",
    )
