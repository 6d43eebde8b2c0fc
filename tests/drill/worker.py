"""The processes of the drill: the worker that dies, and those that put right what it left.

{"do": "begin", "url": ...}                        the database as it is made, one host
{"do": "update", "settings": {...}}                one update in a process of its own: {"pid": ...}
{"do": "rescue"}                                   what `recover` does, in a process of its own
{"do": "ended"}                                    waits for its end: {"status": ...}
{"do": "recover"}                                  what `manage.py recover` says
{"do": "told"}                                     what the record says of the last update

A line on the socket DRILL_SOCKET for each write to the journal; the writer waits for the answer.
"""

import io
import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings
from django.db import Error, connections  # noqa: E402

from updates.flow.session import Kind, Params  # noqa: E402
from updates.models import ContainerResult, Hold, Host, HostRun, Replacement, UpdateRun  # noqa: E402
from updates.runs.execute import execute_host_run  # noqa: E402
from updates.triggers import trigger_run  # noqa: E402

JOURNAL = Replacement._meta.db_table
children: list[int] = []


def begin(url: str) -> Json:
    call_command("migrate", verbosity=0)
    Host.objects.create(name="lab", url=url)
    connections.close_all()
    return {}


def update(settings: Json) -> Json:
    """A run is written down, and a fork executes its only host run."""
    params = Params(Kind.UPDATE, switches=settings)
    source = UpdateRun.Trigger.COMMAND
    run = trigger_run(Host.objects.all(), params, source=source, in_background=False)
    host_run = run.host_runs.get().pk
    connections.close_all()
    if not (pid := os.fork()):
        _execute(host_run)
    children.append(pid)
    return {"pid": pid}


def _execute(host_run: int) -> None:
    code = 1
    try:
        connections["default"].execute_wrappers.append(report_writes)
        execute_host_run(host_run)
        code = 0
    finally:
        os._exit(code)  # What ended it is in the log; the fork must not go on as its parent.


def report_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, c: Any) -> Any:
    """Tell of each write to the journal once it is done, and wait until it may go on."""
    answer = execute(sql, params, many, c)
    if JOURNAL in sql and sql.startswith(("INSERT", "UPDATE")):
        step = next((str(one) for one in params or () if str(one) in STEPS), "")
        with suppress(OSError), socket.socket(socket.AF_UNIX) as drill:
            drill.connect(os.environ["DRILL_SOCKET"])
            drill.sendall((step or "close").encode() + b"\n")
            drill.recv(1)
    return answer


STEPS = {value for value, _ in Replacement._meta.get_field("step").choices or ()}


def rescue() -> Json:
    connections.close_all()
    if not (pid := os.fork()):
        try:
            recover()
        finally:
            os._exit(0)
    children.append(pid)
    return {"pid": pid}


def ended() -> Json:
    _, status = os.waitpid(children.pop(), 0)
    return {"status": status}


def recover() -> Json:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("recover", "--json", "--wait", "0", stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    except Error as error:
        return {"code": 1, "error": str(error)}
    finally:
        connections.close_all()
    return {"code": code, **json.loads(out.getvalue() or "{}")}


def told() -> Json:
    """The last update: its state, its results, and what the journal has."""
    try:
        host_run = HostRun.objects.filter(run__kind=Kind.UPDATE).latest("pk")
        results = ContainerResult.objects.filter(host_run=host_run)
        rows = Replacement.objects.all()
        return {
            "state": host_run.state,
            "run": host_run.run.state,
            "results": {one.name: [one.state, one.reason, one.new_id] for one in results},
            "blocks": list(Hold.objects.values_list("container", flat=True)),
            "open": [f"{one.name} {one.step}" for one in rows.filter(closed_at=None)],
            "busy": HostRun.objects.open().count(),
        }
    finally:
        connections.close_all()


def forget() -> Json:
    """What a case left open, or blocked, is not the next one's."""
    UpdateRun.objects.all().delete()
    Hold.objects.all().delete()
    connections.close_all()
    return {}


def answer(command: Json) -> Json:
    do: dict[str, Callable[..., Json]] = {
        "begin": begin,
        "update": update,
        "rescue": rescue,
        "ended": ended,
        "recover": recover,
        "told": told,
        "forget": forget,
    }
    return do[command.pop("do")](**command)


if __name__ == "__main__":
    serve(answer)
