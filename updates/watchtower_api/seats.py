"""How many requests may hold a thread of the web server for long, each kind of them.

The web server has eight threads; those that are left serve the pages.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from updates.watchtower_api.answers import Refused


class Seats:
    """A number of places. Whoever finds none is refused, and told `sentence`."""

    def __init__(self, number: int, sentence: str) -> None:
        self._free = threading.BoundedSemaphore(number)
        self._sentence = sentence

    def take(self) -> None:
        """Raises Refused (503) when none is free."""
        if not self._free.acquire(blocking=False):
            raise Refused(503, self._sentence, Retry_After="30")

    def leave(self) -> None:
        self._free.release()

    @contextmanager
    def taken(self) -> Iterator[None]:
        self.take()
        try:
            yield
        finally:
            self.leave()


WAITING = Seats(
    3, "Too many requests wait for runs already. Use async=true, or come back in 30 seconds."
)
LISTENING = Seats(3, "Too many subscribers listen already. Come back in 30 seconds.")
