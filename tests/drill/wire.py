"""A socket in front of a real engine's, which counts what would change something there.

One request a connection; answers go through as they come. At the point that is set, `strike` is
called; what it returns says how the request goes on.
"""

import json
import re
import select
import socket
import socketserver
import threading
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import cast

from tests.drill.points import Point, Side, Source

_EFFECT = re.compile(
    r"^(?:POST /v[\d.]+/(?:containers/(?:[^/ ]+/)?|networks/[^/ ]+/|images/)"
    r"(create|start|stop|kill|rename|update|connect)\b|(DELETE) /v[\d.]+/containers/"
    r"|POST /v[\d.]+/(exec)/[^/ ]+/start\b)"
)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_KEEPS = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
_CHUNK = 1 << 16
_REFUSAL = json.dumps({"message": "out of order"}).encode()


class After(Enum):
    """How a request goes on that a fault fell upon."""

    GOES_ON = auto()
    IS_CUT = auto()
    IS_REFUSED = auto()
    HANGS = auto()


class EngineWire:
    """`names`: the effects since `listen`, in order."""

    def __init__(self, upstream: Path, path: Path) -> None:
        self.upstream = upstream
        self.path = path
        self.names: list[str] = []
        self.released = threading.Event()
        self._point: Point | None = None
        self._strike: Callable[[], After] | None = None
        self._lock = threading.Lock()
        self._server = _Server(str(path), _Handler)

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def listen(self, point: Point | None, strike: Callable[[], After] | None) -> None:
        """Count anew; strike at the point, once."""
        self.names.clear()
        self.released.clear()
        self._point, self._strike = point, strike

    def struck(self, number: int, side: Side) -> After:
        """Called at each side of each effect."""
        with self._lock:
            point, strike = self._point, self._strike
            if strike is None or point is None or point.source is not Source.ENGINE:
                return After.GOES_ON
            if (point.number, point.side) != (number, side):
                return After.GOES_ON
            self._strike = None
        return strike()

    def count(self, request: bytes) -> int:
        """The number of this effect; 0 for a request that changes nothing."""
        found = _EFFECT.match(request.split(b"\r\n", 1)[0].decode("latin-1"))
        if found is None:
            return 0
        with self._lock:
            self.names.append(found[found.lastindex or 0].lower())
            return len(self.names)

    def start(self) -> None:
        self._server.wire = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    wire: EngineWire


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.wire = cast("_Server", self.server).wire
        try:
            if request := _read_request(self.request):
                self._pass_on(request)
        except OSError:
            pass  # One of the two ends is gone: the other one sees its connection close.

    def _pass_on(self, request: bytes) -> None:
        number = self.wire.count(request)
        if number and not self._goes_on(number, Side.BEFORE):
            return
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(str(self.wire.upstream))
            engine.sendall(request)
            if not number:
                _relay(engine, self.request)
                return
            answer = b"".join(iter(lambda: engine.recv(_CHUNK), b""))
        if self._goes_on(number, Side.AFTER):
            self.request.sendall(answer)

    def _goes_on(self, number: int, side: Side) -> bool:
        after = self.wire.struck(number, side)
        if after is After.IS_REFUSED:
            head = b"HTTP/1.1 500 Out of Order\r\nContent-Type: application/json\r\n"
            head += b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(_REFUSAL)
            self.request.sendall(head + _REFUSAL)
        if after is After.HANGS:  # Until its client gives up.
            self.request.recv(1)
        return after is After.GOES_ON


def _relay(engine: socket.socket, client: socket.socket) -> None:
    """What the engine says, until it ends or the client goes."""
    while True:
        ready, _, _ = select.select([engine, client], [], [])
        if client in ready and not client.recv(1):
            return
        if engine in ready:
            if not (data := engine.recv(_CHUNK)):
                return
            client.sendall(data)


def _read_request(client: socket.socket) -> bytes:
    """Head and body, and the connection's end asked for; empty if the client went."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := client.recv(_CHUNK)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    missing = int(found[1]) - len(body) if found else 0
    while missing > 0:
        more = client.recv(_CHUNK)
        body, missing = body + more, missing - len(more)
    return _KEEPS.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + body
