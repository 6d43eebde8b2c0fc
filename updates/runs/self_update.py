"""Watchweb's own update. Whoever stops a container cannot be in it: a helper container beside
Watchweb's own, of the same image and with all that this has at hand, executes the host run.

The helper removes itself when all is well. Killed in the middle it is started again by its engine,
and puts right what it left: nobody else may be there to do it.
"""

import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings

from updates.engine.client import Engine
from updates.engine.errors import EngineError
from updates.engine.helper_spec import helper_body
from updates.flow import labels
from updates.flow.ports import Clock, EnginePort
from updates.flow.session import Kind, Params
from updates.flow.snapshot import Snapshot
from updates.models import HostRun, Replacement, UpdateRun, trust
from updates.models.run import RunState
from updates.runs.execute import CLOCK, execute_host_run
from updates.runs.recovery import close_lapsed_on
from updates.runs.write import write_run

# A helper that is not at work by then does not come any more.
COMES_WITHIN = timedelta(minutes=2)
COMMAND = "executerun"
_PAUSE_S = 0.5


def start_helper(host_run: HostRun, container_id: str, engine: EnginePort) -> None:
    """Create and start the helper that executes the host run. Raises EngineError."""
    own = Snapshot.take(engine, container_id)
    body = helper_body(
        own.container,
        own.image,
        image=own.own_image(engine),
        command=_command(own.container, host_run.pk),
        labels={labels.HELPER: str(host_run.run_id)},
        env=trust.as_environment(),  # `up` may have it from its options.
        api_version=engine.info.api_version,
    )
    helper = engine.create(f"{own.name}-watchweb-helper-{host_run.run_id}", body)
    try:
        engine.start(helper)
    except EngineError:
        engine.remove(helper, force=True)
        raise


def carry_on(host_run: HostRun, clock: Clock = CLOCK) -> None:
    """Put right what an earlier life of this helper left of the host run.

    Not before the lease has run out: it may be another process that has it, and lives.
    """
    while HostRun.objects.filter(pk=host_run.pk, state=RunState.RUNNING).exists():
        close_lapsed_on(host_run.host_id)
        clock.sleep(_PAUSE_S)
    if not is_unfinished(host_run):
        return
    # Every run begins with putting right what was left on its host.
    source = UpdateRun.Trigger.SCHEDULE
    _, [scan] = write_run([host_run.host], Params(kind=Kind.SCAN), source=source)
    while not execute_host_run(scan.pk, clock=clock):
        if not HostRun.objects.filter(pk=scan.pk, state=RunState.QUEUED).exists():
            return  # A worker of the container that came back has taken it.
        close_lapsed_on(host_run.host_id)
        clock.sleep(_PAUSE_S)


def is_unfinished(host_run: HostRun) -> bool:
    """True if it left a container that is neither replaced nor as it was."""
    return Replacement.objects.filter(host_run=host_run, closed_at=None).exists()


def dismiss(host_run: HostRun) -> None:
    """Remove the helper of this host run; where this is called in it, this process ends by that.

    Raises EngineError.
    """
    endpoint = host_run.host.endpoint()
    with Engine(endpoint, timeout_s=settings.WATCHWEB_ENGINE_TIMEOUT) as engine:
        for one in engine.containers():
            if one.labels.get(labels.HELPER) == str(host_run.run_id):
                engine.remove(one.id, force=True)


def _command(container: Mapping[str, Any], host_run_id: int) -> list[str]:
    """What the container runs, with another command of manage.py in place of `up`: what its
    entrypoint prepares is prepared for the helper too."""
    argv = [container["Path"], *(container["Args"] or ())]
    before = argv[: argv.index("up")] if "up" in argv else _manage()
    return [*before, COMMAND, str(host_run_id)]


def _manage() -> list[str]:
    """It was started in another way, but what runs here is there."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py")]
