"""django-q2's cluster, whose workers hear that it is to stop.

On its own it would wait for every task at hand to its end, however long a host run is.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django_q import cluster

from watchweb import stopping


class Cluster(cluster.Cluster):  # type: ignore[misc]
    """The first SIGTERM or SIGINT: each worker finishes the container at hand and gives the rest
    back. The second, or WATCHWEB_SHUTDOWN_SECONDS later: everything ends, whatever is at hand."""

    def sig_handler(self, signum: int, frame: Any) -> None:
        if stopping.is_told():
            self._end_at_once()
        stopping.tell()
        signal.signal(signal.SIGALRM, lambda *_: self._end_at_once())
        signal.alarm(max(1, settings.WATCHWEB_SHUTDOWN_SECONDS))
        super().sig_handler(signum, frame)
        signal.alarm(0)

    def _end_at_once(self) -> None:
        # The sentinel first: it would put another worker in the place of each that ends.
        for pid in descendants(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os._exit(1)


def descendants(pid: int) -> list[int]:
    """The processes that came from this one and are alive, each before its own children."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").glob("[0-9]*")}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parent(process: Path) -> int:
    """Its parent's pid; 0 if it has gone."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
