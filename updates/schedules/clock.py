"""Looks for what is due, and for pushes that wait, twice a second.

Every worker has a clock, so that one is there whichever of them dies; the lock on a file in the
data folder lets one of them look. Between machines, the claim of each tick decides.
"""

import fcntl
import logging
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from updates.pushes.join import trigger_waiting
from updates.schedules.due import trigger_due

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
_PAUSE_S = 5.0


class Clock(Thread):
    """A thread of a worker, which ends with it. A tick is one transaction: whole, or not begun."""

    def __init__(self, lock: Path) -> None:
        super().__init__(name="clock", daemon=True)
        self.lock = lock

    def run(self) -> None:
        with self.lock.open("w") as file:
            while not _is_held(file):
                time.sleep(LOOK_EVERY_S)
            while True:
                self._look()
                time.sleep(LOOK_EVERY_S)

    def _look(self) -> None:
        try:
            close_old_connections()
            now = timezone.now()
            trigger_due(now)
            trigger_waiting(now)
        except DatabaseError as error:
            logger.warning("neither schedules nor pushes looked at: %s", error)
            time.sleep(_PAUSE_S)


def _is_held(file: IO[str]) -> bool:
    """True if this process has the lock from now on, to its end."""
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
