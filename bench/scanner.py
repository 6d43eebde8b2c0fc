"""The process that is measured: it scans as the product does, and says what that took.

{"do": "begin", "registry": {...}, "hosts": {name: url}}    forget all; these rows are there now
{"do": "scan"}                                             all hosts, a few at a time
"""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

from bench.child import Json, serve

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings

from bench.statements import Statements, counted_for  # noqa: E402
from updates.flow.session import Kind, Params  # noqa: E402
from updates.management.foreground import HOSTS_AT_ONCE, execute_when_free  # noqa: E402
from updates.models import ContainerResult, Host, HostRun, Registry, UpdateRun  # noqa: E402
from updates.runs.execute import execute_host_run  # noqa: E402
from updates.triggers import trigger_run  # noqa: E402

STATEMENTS = Statements()


def params_for_scan() -> Params:
    """A scan that asks the registries anew."""
    return Params(kind=Kind.SCAN)


def begin(registry: Json, hosts: dict[str, str]) -> Json:
    """As on the first day: nothing is known but a registry's row and the hosts' addresses."""
    call_command("flush", interactive=False, verbosity=0)
    row = Registry(**registry)
    row.full_clean()
    row.save()
    for name, url in hosts.items():
        Host.objects.create(name=name, url=url)
    return {"rss_kib": rss_kib()}


def scan() -> Json:
    """One run on all hosts: its time, its costs, and what became of each container."""
    STATEMENTS.reset()
    began = time.monotonic()
    run = trigger_run(
        list(Host.objects.enabled()),
        params_for_scan(),
        source=UpdateRun.Trigger.COMMAND,
        in_background=False,
    )
    _execute(run)
    seconds = time.monotonic() - began
    by_host, by_thread = dict(STATEMENTS.by_host), dict(STATEMENTS.by_thread)
    parts = list(HostRun.objects.filter(run=run).select_related("host"))
    return {
        "seconds": seconds,
        "rss_kib": rss_kib(),
        "by_host": by_host,
        "by_thread": by_thread,
        "engine_calls": sum(part.engine_calls for part in parts),
        "errors": {part.host.name: part.error for part in parts if part.state != "finished"},
        "states": _states(run),
    }


def _execute(run: UpdateRun) -> None:
    """One host in this thread, several as the foreground command does."""
    parts = list(HostRun.objects.filter(run=run).values_list("pk", "host__name"))
    if len(parts) == 1:
        with counted_for(parts[0][1]):
            execute_host_run(parts[0][0])
        return
    with ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="host") as pool:
        for done in [pool.submit(_execute_counted, *part) for part in parts]:
            done.result()


def _execute_counted(pk: int, name: str) -> None:
    with counted_for(name):
        execute_when_free(pk)


def _states(run: UpdateRun) -> dict[str, dict[str, str]]:
    """By host, then by container."""
    states: dict[str, dict[str, str]] = {}
    rows = ContainerResult.objects.filter(host_run__run=run)
    for host, name, state in rows.values_list("host_run__host__name", "name", "state"):
        states.setdefault(host, {})[name] = state
    return states


def rss_kib() -> int:
    """Resident memory of this process now."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def answer(command: Json) -> Json:
    what = command.pop("do")
    return begin(**command) if what == "begin" else scan()


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    serve(answer)
