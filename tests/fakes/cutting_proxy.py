"""A registry in front of a real plain one that passes all on but the layers: those it spoils."""

import socket
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, Self, cast

import requests

from tests.fakes.loopback import LoopbackServer

Spoiling = Literal["cut", "wrong bytes"]
_PASSED_ON = ("Content-Type", "Docker-Content-Digest", "Etag")
_SMALL = 4096  # A config is smaller, a layer of busybox is larger.


class CuttingProxy:
    """Use as a context manager. `spoiling` None passes everything on as it is."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.spoiling: Spoiling | None = None
        self._server = LoopbackServer("127.0.0.1", self, _Handler)

    @property
    def address(self) -> str:
        return self._server.address

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        proxy = cast("CuttingProxy", cast(LoopbackServer, self.server).owner)
        with requests.Session() as http:
            http.trust_env = False
            accept = ", ".join(self.headers.get_all("Accept") or ["*/*"])
            answer = http.request(
                self.command, proxy.upstream + self.path, headers={"Accept": accept}
            )
        body = answer.content
        length = answer.headers.get("Content-Length", str(len(body)))
        is_layer = "/blobs/" in self.path and len(body) > _SMALL
        if is_layer and proxy.spoiling == "wrong bytes":
            body = body[:-8] + b"spoiled!"
        self.send_response(answer.status_code)
        for name in _PASSED_ON:
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", length)
        self.end_headers()
        if is_layer and proxy.spoiling == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Silence."""
