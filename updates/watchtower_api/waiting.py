"""Waiting for a run: the cluster does the work, the rows tell when it is over."""

import time
from dataclasses import dataclass

from updates.models import HostRun, UpdateRun
from updates.models.lease import lasts
from updates.models.run import RunState
from updates.watchtower_api.answers import Refused
from watchweb import stopping

# As long as a run may stay queued while no worker does anything.
PATIENCE_S = 30.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.0


@dataclass(frozen=True, slots=True)
class Over:
    """A run that is over. `errors`: (host, sentence) of its parts that were not carried out."""

    run: UpdateRun
    was_done: bool
    errors: tuple[tuple[str, str], ...]


def wait(pk: int, timeout_s: float) -> Over:
    """The run once it is over.

    Raises Refused: 408 after that time; 503 if nobody takes it up, or this server is stopped.
    """
    begun = time.monotonic()
    pause = _FIRST_PAUSE_S
    run = UpdateRun.objects.get(pk=pk)
    while run.is_open:
        passed = time.monotonic() - begun
        if passed >= timeout_s:
            raise Refused(408, f"The time is over. Run {pk} goes on: /runs/{pk}/ shows it.")
        if stopping.is_told():
            raise Refused(503, f"Watchweb is being stopped. Run {pk} goes on: /runs/{pk}/.")
        if passed >= PATIENCE_S and is_left(run):
            raise Refused(503, f"No worker takes up run {pk}. It stays queued: /runs/{pk}/.")
        time.sleep(min(pause, max(timeout_s - passed, 0.0)))
        pause = min(2 * pause, _LONGEST_PAUSE_S)
        run = UpdateRun.objects.get(pk=pk)
    return _over(run)


def is_left(run: UpdateRun) -> bool:
    """True if it is queued while no worker is busy with anything."""
    if run.state != RunState.QUEUED:
        return False
    busy = HostRun.objects.filter(lasts("lease_until"), state=RunState.RUNNING)
    return not busy.exists()


def _over(run: UpdateRun) -> Over:
    parts = list(run.host_runs.values_list("host__name", "state", "error"))
    bad = [(host, error or state) for host, state, error in parts if state != RunState.FINISHED]
    return Over(run, was_done=len(bad) < len(parts), errors=tuple(bad))
