"""What a real engine cannot show: other versions, answers that are none, streams that break.

with EngineServer(api="1.55", min_api="1.44") as server:
    Engine(Endpoint(server.url)).open()
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answer = Callable[["Handler"], None]
LINES = {"Content-Type": "application/json"}


class Handler(BaseHTTPRequestHandler):
    """One request. `server.answers` maps (method, path without version) to what answers it."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_DELETE = do_GET  # noqa: N815

    def version_string(self) -> str:
        """The `Server` header; send_response writes it."""
        return self.server.says.get("Server", "")

    def end_headers(self) -> None:
        for name, value in self.server.says.items():
            if name != "Server":
                self.send_header(name, value)
        super().end_headers()

    def send(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, document: Any, status: int = 200) -> None:
        self.send(status, json.dumps(document).encode())

    def send_chunks(self, chunks: Iterator[bytes], *, ends: bool = True) -> None:
        """A stream; without `ends` the connection breaks instead of ending it."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()
        if ends:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = not ends

    def wait(self, seconds: float) -> None:
        """Do nothing, until the test is over or `seconds` have passed."""
        self.server.over.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Be silent."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        start = path.split("/")[1]
        if start.startswith("v1."):
            path = path.removeprefix(f"/{start}")
        answer = self.server.answers.get((self.command, path)) or self.server.otherwise
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def not_found(request: Handler) -> None:
    request.send_json({"message": "page not found"}, 404)


def no_containers(request: Handler) -> None:
    request.send_json([])


LISTED = {("GET", "/containers/json"): no_containers}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[tuple[str, str], Answer]
    otherwise: Answer = staticmethod(not_found)
    seen: list[tuple[str, str, dict[str, str], bytes]]
    over: threading.Event
    says: dict[str, str]


class EngineServer:
    """An HTTP server on loopback that answers as told. `seen`: (method, path, headers, body).

    `says`: the headers of each answer; None: those of an engine that is what its /version says.
    """

    def __init__(
        self,
        *,
        api: str = "1.41",
        min_api: str = "1.12",
        otherwise: Answer = not_found,
        answers: dict[tuple[str, str], Answer] | None = None,
        says: dict[str, str] | None = None,
    ) -> None:
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.seen = []
        self._server.over = threading.Event()
        own = {"Api-Version": api, "Server": "Docker/99.0 (linux)"}
        self._server.says = own if says is None else says
        version = {"Version": "99.0", "ApiVersion": api, "MinAPIVersion": min_api, "Os": "linux"}
        self._server.answers = {("GET", "/version"): lambda it: it.send_json(version)}
        self._server.answers |= answers or {}
        self._server.otherwise = otherwise
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._server.server_address[1]}"

    @property
    def seen(self) -> list[tuple[str, str, dict[str, str], bytes]]:
        return self._server.seen

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.seen]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
