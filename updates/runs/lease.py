"""The lease of a host run, renewed in the background while its worker lives."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import Error, connection

from updates.models import HostRun
from updates.models.run import RunState

logger = logging.getLogger(__name__)


def duration() -> timedelta:
    return timedelta(seconds=settings.WATCHWEB_LEASE_SECONDS)


@contextmanager
def kept(host_run_id: int) -> Iterator[None]:
    """Renew the lease three times in its length, until the block ends.

    A thread, because a stop or a pull may take longer than a lease; its work is one UPDATE. It goes
    on for a run that was ended while the container at hand is finished.
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
            if not _is_renewed(host_run_id):
                return
        _let_go(host_run_id)
    finally:
        connection.close()


def _let_go(host_run_id: int) -> None:
    """Of a run that was ended before: nobody has to wait for what this worker left."""
    ended = HostRun.objects.filter(pk=host_run_id).exclude(state=RunState.RUNNING)
    with suppress(Error):  # Then they wait until it runs out.
        ended.update(lease_until=None)


def _is_renewed(host_run_id: int) -> bool:
    """False if it was lost: it ran out, and somebody has noticed."""
    try:
        return HostRun.objects.renew(host_run_id, lease=duration())
    except Error as error:
        logger.warning("lease not renewed host_run=%d error=%s", host_run_id, error)
        connection.close()  # It may be dead; the next time begins with another one.
        return True
