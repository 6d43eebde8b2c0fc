"""The process that is measured: it updates a host as the product does, and says what that took.

{"do": "begin", "registry": {...}, "hosts": {name: url}}    forget all; these rows are there now
{"do": "update", "gate_seconds": 1}                        all of the first host
"""

import time
from collections import Counter

import django

from bench.child import Json, serve
from bench.requests_log import RequestsLog

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings

from bench.scanner import begin  # noqa: E402
from updates.flow.session import Kind, Params  # noqa: E402
from updates.models import ContainerResult, Host, HostRun, UpdateRun  # noqa: E402
from updates.runs.execute import execute_host_run  # noqa: E402
from updates.triggers import trigger_run  # noqa: E402

LOG = RequestsLog()


def update(gate_seconds: int) -> Json:
    """One run: its time, its calls by name, and how many containers ended in which state."""
    LOG.reset()
    began_at = time.monotonic()
    run = trigger_run(
        list(Host.objects.all()),
        Params(kind=Kind.UPDATE, switches={"gate_seconds": gate_seconds}),
        source=UpdateRun.Trigger.COMMAND,
        in_background=False,
    )
    part = HostRun.objects.get(run=run)
    execute_host_run(part.pk)
    seconds = time.monotonic() - began_at
    part.refresh_from_db()
    states = ContainerResult.objects.filter(host_run=part).values_list("state", flat=True)
    return {
        "seconds": seconds,
        "engine": LOG.engine,
        "engine_calls": part.engine_calls,
        "registry_calls": part.registry_calls,
        "states": Counter(states),
        "error": part.error,
    }


def answer(command: Json) -> Json:
    what = command.pop("do")
    return begin(**command) if what == "begin" else update(**command)


if __name__ == "__main__":
    LOG.listen()
    call_command("migrate", verbosity=0)
    serve(answer)
