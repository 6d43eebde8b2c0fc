"""Database work of threads that have no connection of their own, done by one that has."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Protocol


class Doing(Protocol):
    """Does a piece of work somewhere, and gives its result or its exception back."""

    def __call__[T](self, work: Callable[[], T]) -> T: ...


def at_once[T](work: Callable[[], T]) -> T:
    """Do it here and now."""
    return work()


class Desk:
    """Threads hand work in and wait for it; one thread does it, in its order.

    Thirty-two threads for each registry, in every worker, would be more connections than a
    PostgreSQL server takes; and SQLite lets a second writer sleep, ever longer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._errands: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        self.is_open = True

    def leave(self, work: Callable[[], object]) -> None:
        """Hand work in and go on. Raises RuntimeError at a closed desk."""
        self._hand_in(work, Future())

    def do[T](self, work: Callable[[], T]) -> T:
        """What the work gives, once it has been done. Raises RuntimeError at a closed desk."""
        result: Future[T] = Future()
        self._hand_in(work, result)
        return result.result()

    def serve(self, within_s: float) -> None:
        """Wait so long for work, and do what comes; no longer, however much comes after it."""
        end = time.monotonic() + within_s
        try:
            _carry_out(*self._errands.get(timeout=within_s))
            while time.monotonic() < end:
                _carry_out(*self._errands.get_nowait())
        except Empty:
            return

    def finish(self) -> None:
        """Do all that has been handed in; for when nobody hands in any more."""
        try:
            while True:
                _carry_out(*self._errands.get_nowait())
        except Empty:
            return

    def close(self) -> None:
        """Take nothing more, and turn away what is left: nobody waits for ever."""
        with self._lock:
            self.is_open = False
        try:
            while True:
                _, result = self._errands.get_nowait()
                result.set_exception(_closed())
        except Empty:
            return

    def _hand_in(self, work: Callable[[], Any], result: Future[Any]) -> None:
        with self._lock:
            if not self.is_open:
                raise _closed()
            self._errands.put((work, result))


def _carry_out(work: Callable[[], Any], result: Future[Any]) -> None:
    try:
        result.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is the waiting thread's
        result.set_exception(error)
    except BaseException:  # This thread is told to end: the one that waits is not left behind.
        result.set_exception(_closed())
        raise


def _closed() -> RuntimeError:
    return RuntimeError("The thread that does the database work has ended.")
