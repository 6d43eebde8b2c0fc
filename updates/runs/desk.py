"""Database work of threads that have no connection of their own, done by one that has."""

import threading
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
        self._errands: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self.is_open = True

    def leave(self, work: Callable[[], object]) -> None:
        """Hand work in and go on. Raises RuntimeError at a closed desk."""
        with self._lock:
            if not self.is_open:
                raise RuntimeError("The thread that does the database work has ended.")
            self._errands.put(work)

    def do[T](self, work: Callable[[], T]) -> T:
        """What the work gives, once it has been done. Raises RuntimeError at a closed desk."""
        result: Future[T] = Future()
        self.leave(lambda: _carry_out(work, result))
        return result.result()

    def serve(self, within_s: float) -> None:
        """Do what has been handed in; wait so long for the first."""
        try:
            self._errands.get(timeout=within_s)()
            while True:
                self._errands.get_nowait()()
        except Empty:
            return

    def close(self) -> None:
        """Do what is left, and take nothing more: nobody waits for ever."""
        with self._lock:
            self.is_open = False
        self.serve(within_s=0)


def _carry_out(work: Callable[[], Any], result: Future[Any]) -> None:
    try:
        result.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it is the waiting thread's
        result.set_exception(error)
