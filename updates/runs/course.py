"""What a host run does: the flow that its parameters ask for, wired to its rows."""

from functools import partial

from django.conf import settings

from updates.engine.client import Engine
from updates.flow.go_back import GoBack
from updates.flow.ports import Clock, Recorder
from updates.flow.rebuild import Rebuild
from updates.flow.rules import Rules
from updates.flow.update import HostUpdate
from updates.models import HostRun
from updates.runs import past
from updates.runs.guard import guarded
from updates.runs.journal import RowJournal
from updates.runs.own import own_among
from updates.runs.policies import policies_of
from updates.runs.prober import probe
from updates.runs.registries import Registries
from updates.runs.stoppable import done_before


def take_course(
    host_run: HostRun, engine: Engine, registries: Registries, recorder: Recorder, clock: Clock
) -> str:
    """Do it; the sentence that says why nothing was begun, "" when it was.

    Raises EngineError, Interrupted.
    """
    params = host_run.run.parameters()
    if params.back_to:
        return _go_back(host_run, engine, registries, recorder, clock)
    if params.is_rebuild:
        return _rebuild(host_run, engine, registries, recorder, clock)
    HostUpdate(
        engine,
        registries,
        recorder,
        RowJournal(host_run),
        params,
        clock,
        own=partial(own_among, engine),
        pull_timeout_s=settings.WATCHWEB_PULL_TIMEOUT,
        guard=guarded,
        policies=policies_of(host_run.host),
        host_name=host_run.host.name,
        prober=probe,
        done=done_before(host_run),
    ).run()
    return ""


def _go_back(
    host_run: HostRun, engine: Engine, registries: Registries, recorder: Recorder, clock: Clock
) -> str:
    name = _only_name(host_run)
    found = past.find(host_run.host, name, host_run.run.parameters().back_to)
    if found is None:
        return f"Nothing is known any more of the image that {name} was to go back to."
    return GoBack(
        engine,
        registries,
        recorder,
        RowJournal(host_run),
        _rules(host_run),
        clock,
        name,
        found.past,
        own=partial(own_among, engine),
        guard=guarded,
        pull_timeout_s=settings.WATCHWEB_PULL_TIMEOUT,
        prober=probe,
    ).run()


def _rebuild(
    host_run: HostRun, engine: Engine, registries: Registries, recorder: Recorder, clock: Clock
) -> str:
    name = _only_name(host_run)
    remains = past.remains_of(host_run.host, name)
    if remains is None:
        return f"Nothing is known any more of what {name} was."
    return Rebuild(
        engine,
        registries,
        recorder,
        RowJournal(host_run),
        _rules(host_run),
        clock,
        remains.snapshot,
        remains.last_id,
        remains.past,
        past.moved_ids(host_run.host),
        guard=guarded,
        pull_timeout_s=settings.WATCHWEB_PULL_TIMEOUT,
        prober=probe,
    ).run()


def _only_name(host_run: HostRun) -> str:
    """The container that the run is about: its parameters name it as "host/name"."""
    return host_run.run.parameters().names[0].rpartition("/")[2]


def _rules(host_run: HostRun) -> Rules:
    host = host_run.host
    return Rules.of_run(host_run.run.parameters(), policies_of(host), host.name)
