"""Cuts connections off that take too long: one thread for all those of an adapter.

A socket's own time-out starts again with each byte, so a peer that sends one byte now and
then would hold a thread for ever.
"""

import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from types import TracebackType

_PATROL_S = 1.0


class Watchdog:
    """Its thread starts with the first limit, and ends a second after there was none left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._limits: set[TimeLimit] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0
        self._is_idle = False

    def limit(self, connection: HTTPConnection, seconds: float) -> "TimeLimit":
        """A context whose block ends in TimeoutError when it takes longer."""
        return TimeLimit(self, connection, seconds)

    def stop(self) -> None:
        """End the thread, unless something is limited still. The watchdog may be used again."""
        with self._lock:
            if self._limits or self._thread is None:
                return
            thread, self._is_idle = self._thread, True
            self._changed.notify()
        thread.join(_PATROL_S)

    def add(self, limit: "TimeLimit") -> None:
        with self._lock:
            self._limits.add(limit)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            elif limit.ends_at < self._wakes_at:
                self._changed.notify()

    def remove(self, limit: "TimeLimit") -> None:
        with self._lock:
            self._limits.discard(limit)

    def _watch(self) -> None:
        with self._lock:
            while self._limits or not self._is_idle:
                self._is_idle = not self._limits
                self._wakes_at = self._cut_off_the_late()
                self._changed.wait(max(self._wakes_at - time.monotonic(), 0.0))
            self._thread = None

    def _cut_off_the_late(self) -> float:
        """Cut off what is due; when to look again.

        The lock is held: a limit that was removed never hits its connection's next use.
        """
        now = time.monotonic()
        for limit in self._limits:
            if limit.ends_at <= now:
                limit.cut_off(again_at=now + _PATROL_S)
        return min([now + _PATROL_S, *(limit.ends_at for limit in self._limits)])


class TimeLimit:
    """One block of work on one connection. `ends_at` is on the monotonic clock."""

    __slots__ = ("_connection", "_is_over", "_seconds", "_watchdog", "ends_at")

    def __init__(self, watchdog: Watchdog, connection: HTTPConnection, seconds: float) -> None:
        self._watchdog = watchdog
        self._connection = connection
        self._seconds = seconds
        self._is_over = False
        self.ends_at = 0.0

    def __enter__(self) -> None:
        self.ends_at = time.monotonic() + self._seconds
        self._watchdog.add(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watchdog.remove(self)
        # Headers cut off in the middle pass for whole ones.
        if self._is_over and (error is None or isinstance(error, OSError | HTTPException)):
            raise TimeoutError("timed out") from error

    def cut_off(self, *, again_at: float) -> None:
        """Shut the socket down, and once more later: the connection may not have one yet."""
        self._is_over, self.ends_at = True, again_at
        sock = self._connection.sock
        if sock is not None:
            _shut_down(sock)


def _shut_down(sock: socket.socket) -> None:
    try:
        # Not SSLSocket.shutdown, which drops the TLS state under the reader's feet.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
