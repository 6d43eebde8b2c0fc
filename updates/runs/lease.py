"""The lease of a host run, renewed in the background while its worker lives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import connection

from updates.models import HostRun


def duration() -> timedelta:
    return timedelta(seconds=settings.WATCHWEB_LEASE_SECONDS)


@contextmanager
def kept(host_run_id: int) -> Iterator[None]:
    """Renew the lease three times in its length, until the block ends.

    A thread, because a stop or a pull may take longer than a lease; its work is one UPDATE.
    """
    done = Event()
    thread = Thread(target=_renew, args=(host_run_id, done), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(host_run_id: int, done: Event) -> None:
    pause_s = duration().total_seconds() / 3
    try:
        while not done.wait(pause_s):
            if not HostRun.objects.renew(host_run_id, lease=duration()):
                return
    finally:
        connection.close()
