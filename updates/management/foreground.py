"""A run in the foreground: no cluster needed, recorded like any other."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection
from rich.console import Console
from rich.table import Table

from updates.flow.session import Kind, Params, State
from updates.flow.setting import Group
from updates.management import base, interrupts, switches
from updates.management.trust_options import TrustCommand
from updates.models import Container, Host, HostRun, RunEvent, UpdateRun
from updates.models.run import RunState
from updates.runs.execute import execute_host_run
from updates.runs.report import has_trouble, report
from updates.runs.stoppable import TOLD
from updates.tasks import enqueue_waiting
from updates.triggers import NothingToDo, trigger_run
from watchweb import stopping

HOSTS_AT_ONCE = 8
MAX_AGE_S = 365 * 24 * 3600
_PAUSE_S = 0.2
_COLOURS = {
    State.UPDATED: "green",
    State.RESTARTED: "green",
    State.STALE: "yellow",
    State.ROLLED_BACK: "red",
    State.FAILED: "red",
    State.SKIPPED: "dim",
}


class RunCommand(TrustCommand):
    """Starts a run of its kind, shows its events as they come, ends with its report."""

    kind: Kind
    groups: Collection[Group] = (Group.SELECTION,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help="Containers; * and ? are wildcards."
        )
        switches.add_arguments(parser, self.groups)
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            dest="hosts",
            metavar="H",
            help="Only this host; may be given several times.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")
        parser.add_argument(
            "--max-age",
            type=int,
            default=0,
            metavar="SECONDS",
            help="Take a registry's earlier answer if it is no older; 0, the default, asks anew.",
        )
        super().add_arguments(parser)

    def handle(self, *, hosts: list[str], json: bool, **options: Any) -> None:
        params = self.params(options)
        self.take_trust(options)
        self.perform(params, hosts=hosts, as_json=json)

    def params(self, options: Mapping[str, Any]) -> Params:
        """What the options ask for. Raises CommandError, code 2."""
        if not 0 <= options["max_age"] <= MAX_AGE_S:
            raise base.wrong_use(f"--max-age takes a number of seconds from 0 to {MAX_AGE_S}.")
        given = switches.given(options)
        names = tuple(options["names"])
        if given.get("regex"):
            switches.refuse_bad_patterns(names)
        return Params(self.kind, names, given, options["max_age"])

    def perform(self, params: Params, *, hosts: Sequence[str], as_json: bool) -> None:
        """Do it, print the report, and exit with 1 if anything failed or was rolled back."""
        try:
            run = trigger_run(
                chosen_hosts(hosts),
                params,
                source=UpdateRun.Trigger.COMMAND,
                in_background=False,
            )
        except NothingToDo as error:
            raise base.wrong_use(str(error)) from error
        self.carry_out(run, as_json=as_json)

    def carry_out(self, run: UpdateRun, *, as_json: bool) -> None:
        """Execute what was started, print the report, and exit as `perform` does."""
        self._execute(run, show=not as_json)
        for name in unknown_names(run.parameters()):
            self.stderr.write(f"Warning: no container is named {name}.")
        run.refresh_from_db()
        document = report(run)
        if as_json:
            self.say(json.dumps(document))
        else:
            self._print(document)
        self.finish(1 if has_trouble(run) else 0)

    def _execute(self, run: UpdateRun, *, show: bool) -> None:
        ids = list(run.host_runs.values_list("pk", flat=True))
        with (
            interrupts.heeded(),
            ThreadPoolExecutor(HOSTS_AT_ONCE, thread_name_prefix="host") as pool,
        ):
            futures = [pool.submit(execute_when_free, pk) for pk in ids]
            self._follow(run, futures, show=show)
        UpdateRun.objects.finish(run.pk)

    def _follow(self, run: UpdateRun, futures: Sequence[Future[None]], *, show: bool) -> None:
        console = Console(stderr=True)
        seen = 0
        is_last = False
        while not is_last:
            is_last = all(future.done() for future in futures)
            events = RunEvent.objects.filter(host_run__run=run, pk__gt=seen)
            for event in events.select_related("host_run__host") if show else ():
                seen = event.pk
                place = "/".join(filter(None, (event.host_run.host.name, event.container)))
                console.print(f"{place}: {event.message}", style="dim", markup=False)
            if not is_last:
                time.sleep(_PAUSE_S)
        for future in futures:
            future.result()

    def _print(self, document: dict[str, Any]) -> None:
        console = Console()
        table = Table("Host", "Container", "Image", "State", "Why", box=None, pad_edge=False)
        for row in document["containers"]:
            state = State(row["state"])
            shown = f"[{_COLOURS.get(state, 'default')}]{state.replace('_', ' ')}[/]"
            table.add_row(row["host"], row["name"], row["image"], shown, row["reason"])
        if document["containers"]:
            console.print(table)
        for host in document["hosts"]:
            if host["error"]:
                console.print(f"{host['host']}: {host['error']}", style="red", markup=False)
        counts = {state: n for state, n in document["counts"].items() if n}
        words = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in counts.items())
        console.print(f"Run {document['run']} {document['state']}: {words or 'no containers'}.")


def unknown_names(params: Params) -> list[str]:
    """The names that are no patterns, and that no container has: a slip, most likely."""
    plain = [
        name
        for name in params.names
        if not params.switches.get("regex") and not set("*?") & set(name)
    ]
    known = set(Container.objects.values_list("name", flat=True)) if plain else set()
    return [name for name in plain if name.rpartition("/")[2] not in known]


def chosen_hosts(names: Sequence[str]) -> list[Host]:
    """The enabled hosts, or those named. Raises CommandError, code 2, for an unknown name."""
    if not names:
        return list(Host.objects.enabled())
    known = {host.name: host for host in Host.objects.filter(name__in=names)}
    for name in names:
        if name not in known:
            raise base.wrong_use(f"There is no host {name!r}. Add it with: manage.py addhost")
        if not known[name].enabled:
            raise base.wrong_use(f"The host {name!r} is not enabled.")
    return list(known.values())


def execute_when_free(host_run_id: int) -> None:
    """Execute a host run here, as soon as no other run works on its host; not at all when this
    process is told to stop."""
    is_mine = False
    try:
        while not stopping.is_told() and not (is_mine := execute_host_run(host_run_id)):
            if not HostRun.objects.filter(pk=host_run_id, state=RunState.QUEUED).exists():
                return
            time.sleep(_PAUSE_S)
        # If it has begun, it is closed already.
        HostRun.objects.filter(state=RunState.QUEUED).end(
            host_run_id, RunState.INTERRUPTED, error=TOLD
        )
        if is_mine:  # A worker's task may have found the host busy meanwhile.
            enqueue_waiting(HostRun.objects.values_list("host", flat=True).get(pk=host_run_id))
    finally:
        connection.close()
