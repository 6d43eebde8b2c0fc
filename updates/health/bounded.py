"""Looks in a thread of its own, so that what hangs in the database hangs nobody who asks."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

from django.db import connection

from updates.health.checks import Check, all_checks, unanswered

WITHIN_S = 3.0
SILENT = "The database has not answered in time."
BROKEN = "It could not be looked at: the log of the web server says why."

type Checks = tuple[Check, ...]


class Bounded:
    """One look at a time: who asks while one hangs waits for that one, so threads never pile up."""

    def __init__(self, look: Callable[[], Checks] = all_checks) -> None:
        self.look = look
        self._lock = threading.Lock()
        self._pending: Future[Checks] | None = None

    def checks(self, within_s: float = WITHIN_S) -> Checks:
        """What was found, or that nothing was found in time."""
        with self._lock:
            if self._pending is None or self._pending.done():
                self._pending = self._begun()
            pending = self._pending
        try:
            return pending.result(within_s)
        except TooLate:
            return unanswered(SILENT)

    def _begun(self) -> Future[Checks]:
        """Not of a pool: its threads are waited for at the end of the process."""
        found: Future[Checks] = Future()
        threading.Thread(target=self._carry_out, args=(found,), daemon=True, name="health").start()
        return found

    def _carry_out(self, found: Future[Checks]) -> None:
        checks = unanswered(BROKEN)  # Unless the look comes to its end.
        try:
            checks = self.look()
        finally:
            found.set_result(checks)
            connection.close()


bounded = Bounded()
