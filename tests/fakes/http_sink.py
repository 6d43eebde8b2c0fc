"""An HTTP receiver that keeps what it is sent: a webhook, a Gotify or an ntfy, by its path."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.loopback import LoopbackServer


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class HttpSink:
    """`statuses` are answered one after the other; then 200."""

    statuses: list[int] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    address: str = ""

    @contextmanager
    def served(self) -> Iterator["HttpSink"]:
        server = LoopbackServer("127.0.0.1", self, _Handler)
        server.start()
        self.address = server.address
        try:
            yield self
        finally:
            server.stop()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sink: HttpSink = self.server.owner  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sink.requests.append(Request(self.path, dict(self.headers), body))
        self.send_response(sink.statuses.pop(0) if sink.statuses else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
