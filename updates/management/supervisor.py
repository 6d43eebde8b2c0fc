"""Web server and cluster, run together, watched, and ended together."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from updates.management.processes import Child
from updates.models import Heartbeat, HostRun, trust
from updates.models.lease import lasts
from updates.tasks import beat

logger = logging.getLogger(__name__)

# What the cluster does at the end of its own time is done by then.
_MORE_S = 5.0
BEAT_EVERY = timedelta(seconds=10)
SILENCE = timedelta(seconds=60)
_PAUSE_S = 0.5


class Supervisor:
    """Keeps two children alive until it is told to stop.

    A cluster can be dead with every process alive (a worker killed while it held the queue's lock),
    so it has to execute a beat now and then; silence while no host run is being worked on means
    it is started anew.
    """

    def __init__(self, web: Child, cluster: Child, say: Callable[[str], None]) -> None:
        self.web = web
        self.cluster = cluster
        self.say = say
        self.stops = 0

    def run(self) -> None:
        """Start both, keep both; return when a SIGTERM or SIGINT came and both have ended.

        A second one does not wait for what is at hand.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        Heartbeat.objects.update(asked_at=None, beaten_at=None)  # An earlier cluster was asked.
        for child in (self.web, self.cluster):
            child.start()
        try:
            while not self.stops:
                self._look()
                time.sleep(_PAUSE_S)
        finally:
            self._end()

    def _stop(self, *_: object) -> None:
        self.stops += 1

    def _look(self) -> None:
        for child in (self.web, self.cluster):
            if child.keep():
                logger.warning("restarted child=%s", child.name)
        try:
            if is_silent():
                logger.warning("cluster silent, starting it anew")
                self.cluster.kill()
                Heartbeat.objects.update(asked_at=None, beaten_at=None)
            else:
                ask_for_beat()
        except DatabaseError as error:
            logger.warning("heartbeat not written: %s", error)

    def _end(self) -> None:
        self.say("Stopping; a container at hand is finished first. Once more ends all at once.")
        end = time.monotonic() + settings.WATCHWEB_SHUTDOWN_SECONDS + _MORE_S
        children = (self.web, self.cluster)
        for child in children:
            child.terminate()
        while not all(child.has_ended for child in children):
            if self.stops > 1 or time.monotonic() > end:
                break
            time.sleep(_PAUSE_S / 5)
        for child in children:
            child.kill()


def ask_for_beat() -> None:
    """Queue a beat if the last one was executed and is older than the interval."""
    row, _ = Heartbeat.objects.get_or_create(queue="default")
    now = timezone.now()
    is_waiting = row.asked_at and (row.beaten_at is None or row.beaten_at < row.asked_at)
    is_due = row.asked_at is None or now - row.asked_at > BEAT_EVERY
    clock_was_set_back = row.asked_at is not None and row.asked_at > now
    if clock_was_set_back or (is_due and not is_waiting):
        Heartbeat.objects.filter(pk=row.pk).update(asked_at=now)
        beat.enqueue(row.pk)


def is_silent() -> bool:
    """True if a beat was asked for long ago, none came, and no worker is busy with a host run."""
    row = Heartbeat.objects.filter(queue="default", asked_at__lt=timezone.now() - SILENCE).first()
    if row is None or row.asked_at is None:
        return False
    if row.beaten_at is not None and row.beaten_at >= row.asked_at:
        return False
    return not HostRun.objects.filter(lasts("lease_until"), state="running").exists()


def children(bind: str, workers: int) -> tuple[Child, Child]:
    """The web server and the cluster, as commands of this very Python, with its settings."""
    env = os.environ | trust.as_environment()
    env |= {
        "DJANGO_SETTINGS_MODULE": "watchweb.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
        "WATCHWEB_WORKERS": str(workers),
        "WATCHWEB_DATA": str(settings.DATA),
        # The engine's credentials are given by name; a stored docker login must never be used.
        "DOCKER_CONFIG": "/nonexistent",
    }
    web = [sys.executable, "-m", "gunicorn", "watchweb.wsgi", "--bind", bind]
    web += [
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]
    # The system checks were done before; a cluster started anew may not fail for a CA's last day.
    cluster = [sys.executable, "-m", "django", "qcluster", "--skip-checks"]
    return Child("web", web, env), Child("cluster", cluster, env)
