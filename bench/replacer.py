"""The process that is measured: it replaces a container, as the product does or by hand.

{"do": "begin", "url": "unix://..."}                            an empty database, one host
{"do": one of the ways, "name": ..., "image": ...}              to this image, which is there

Ours is `flow.replace` with the journal and the record it has in a run, both in the database;
"unwritten" the same with neither. {"calls": [[name, began, ended]], "writes": {table: number}}.
By hand is stop, remove, create and start with the same client and the same create body; "typed" are
the same four as a person types them, with the docker command.
"""

import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402

from bench.timed_engine import TimedEngine, between  # noqa: E402
from updates.engine.container import ContainerSummary  # noqa: E402
from updates.engine.endpoint import Endpoint  # noqa: E402
from updates.flow.closing import Tell  # noqa: E402
from updates.flow.job import Order  # noqa: E402
from updates.flow.policy import Policies  # noqa: E402
from updates.flow.ports import Clock, Journal, Page  # noqa: E402
from updates.flow.replace import Replacement  # noqa: E402
from updates.flow.session import Kind, Params, State, Step  # noqa: E402
from updates.flow.snapshot import Snapshot  # noqa: E402
from updates.flow.work import Work  # noqa: E402
from updates.models import ContainerResult, Host, HostRun, UpdateRun  # noqa: E402
from updates.runs.journal import RowJournal  # noqa: E402
from updates.runs.recorder import RowRecorder  # noqa: E402
from updates.runs.write import write_run  # noqa: E402

CLOCK = Clock(monotonic=time.monotonic, sleep=time.sleep)
STOP_TIMEOUT_S = 10
LEASE = timedelta(hours=1)


def begin(url: str) -> Json:
    """A run of the host is in the middle of its work; which engine that is."""
    call_command("flush", interactive=False, verbosity=0)
    host = Host.objects.create(name="lab", url=url)
    source = UpdateRun.Trigger.COMMAND
    _, [host_run] = write_run([host], Params(kind=Kind.UPDATE), source=source)
    assert HostRun.objects.claim(host_run.pk, lease=LEASE)
    with closing(TimedEngine(Endpoint(url))) as engine:
        return {"engine": engine.open().version}


def replace(how: str, name: str, image: str) -> Json:
    """Its calls from the stop of the old container to the start of the new one."""
    if how == "typed":
        return {"calls": list(_typed(name, image))}
    with closing(TimedEngine(Endpoint(Host.objects.get().url))) as engine:
        engine.open()
        container = next(one for one in engine.containers() if one.name == name)
        image_id = str(engine.inspect_image(image)["Id"])
        with connection.execute_wrapper(writes := Writes()):
            _WAYS[how](engine, container, image, image_id)
        calls = between(engine.timed, "stop", "start")
    told = [(one.name, one.began_at, one.ended_at) for one in calls]
    return {"calls": told, "writes": writes.by_table}


class Writes:
    """Counts the statements that write, by their table."""

    def __init__(self) -> None:
        self.by_table: Counter[str] = Counter()

    def __call__(self, execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        if found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql):
            self.by_table[found[1]] += 1
        return execute(sql, *how)


class Unwritten:
    """A journal, and its page, that keep nothing."""

    def open(
        self,
        container: ContainerSummary,  # noqa: ARG002
        snapshot: Mapping[str, Any],  # noqa: ARG002
        **facts: str,  # noqa: ARG002
    ) -> "Unwritten":
        return self

    def commit(self, pages: Sequence[Page]) -> None: ...
    def plan(self, body: Mapping[str, Any], image_id: str) -> None: ...
    def before(self, step: Step, **facts: str) -> None: ...
    def after(self, step: Step, **facts: str) -> None: ...
    def fail(self, why: str, log: str) -> None: ...
    def close(self, outcome: str) -> None: ...


def _unwritten(engine: TimedEngine, container: ContainerSummary, image: str, image_id: str) -> None:
    _replaced(engine, container, image, image_id, Unwritten(), lambda *_: None)


def _ours(engine: TimedEngine, container: ContainerSummary, image: str, image_id: str) -> None:
    host_run = HostRun.objects.get()
    # The row that the container's steps are written to.
    ContainerResult.objects.create(
        host_run=host_run, container_id=container.id, name=container.name, image=container.image
    )
    tell = partial(RowRecorder(host_run).step, container.id)
    _replaced(engine, container, image, image_id, RowJournal(host_run), tell)


def _replaced(
    engine: TimedEngine,
    container: ContainerSummary,
    image: str,
    image_id: str,
    journal: Journal,
    tell: Tell,
) -> None:
    how = Policies(run={"stop_timeout": STOP_TIMEOUT_S, "gate_seconds": 0}).of(container)
    order = Order(container, how, image=image, image_id=image_id)
    outcome = Work(Replacement(order, engine, journal, tell, CLOCK)).run()
    assert outcome.state is State.UPDATED, outcome


def _by_hand(engine: TimedEngine, container: ContainerSummary, image: str, image_id: str) -> None:
    old = Snapshot.take(engine, container.id)
    version = engine.info.api_version
    body = old.body(version, image=image, image_id=image_id, new_ids={})
    engine.stop(old.id, signal=None, timeout_s=STOP_TIMEOUT_S)
    engine.remove(old.id)
    engine.start(engine.create(old.name, body))


_WAYS = {"ours": _ours, "unwritten": _unwritten, "by hand": _by_hand}


def _typed(name: str, image: str) -> Iterator[tuple[str, float, float]]:
    url = Host.objects.get().url
    with closing(TimedEngine(Endpoint(url))) as engine:
        network = engine.inspect_container(name)["HostConfig"]["NetworkMode"]
    options = ["--name", name, "--network", network, "--restart", "unless-stopped"]
    for words in (["stop", name], ["rm", name], ["create", *options, image], ["start", name]):
        began = time.monotonic()
        subprocess.run(["docker", "-H", url, *words], check=True, capture_output=True)
        yield words[0], began, time.monotonic()


def answer(command: Json) -> Json:
    what = command.pop("do")
    return begin(**command) if what == "begin" else replace(what, **command)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    serve(answer)
