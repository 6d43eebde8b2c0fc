"""A socket that the worker tells of each write to its journal."""

import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from tests.drill.points import Point, Side, Source
from tests.drill.wire import After


class JournalWire:
    """Hears of each write to the journal, and strikes at its point."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: list[str] = []
        self.ready = threading.Event()
        self._point: Point | None = None
        self._strike: Callable[[], After] | None = None
        self._server = _Server(str(path), _Heard)
        self._server.wire = self

    def listen(self, point: Point | None, strike: Callable[[], After] | None) -> None:
        self.names.clear()
        self._point, self._strike = point, strike

    def heard(self, step: str) -> None:
        self.ready.wait()
        self.names.append(step)
        point = self._point
        if point is None or point.source is not Source.JOURNAL or point.side is not Side.AFTER:
            return
        if len(self.names) == point.number and self._strike is not None:
            self._strike()

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    wire: JournalWire


class _Heard(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        step = self.rfile.readline().decode().strip()
        cast("_Server", self.server).wire.heard(step)
        with suppress(OSError):  # The worker may be no more.
            self.wfile.write(b".")
