"""Finish or undo what workers left that died in the middle of it."""

import json as as_json
import time
from argparse import ArgumentParser
from typing import Any

from updates.management import base
from updates.management.foreground import chosen_hosts, execute_when_free
from updates.models import UpdateRun
from updates.runs import recovery
from updates.runs.left import left_now, outcomes, told

_PAUSE_S = 0.5


class Command(base.Command):
    help = (
        "Finish or undo the container replacements that an interrupted worker left. Workers do "
        "this by themselves every minute, and before each run on a host. What a live worker has "
        "in hand is left alone. Exit code 1: something is left."
    )
    examples = (
        "  manage.py recover\n  manage.py recover --host nas --wait 120\n  manage.py recover --json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            dest="hosts",
            metavar="H",
            help="Only this host; may be given several times.",
        )
        parser.add_argument(
            "--wait",
            type=int,
            default=0,
            metavar="SECONDS",
            help="Go on so long while something is left: a lease, or an engine that is away.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")

    def handle(self, *, hosts: list[str], wait: int, json: bool, **_: Any) -> None:
        chosen = {one.pk for one in chosen_hosts(hosts)}
        before = {one.pk for one in left_now(chosen)}
        end = time.monotonic() + wait
        runs = self._recover(chosen)
        while (left := left_now(chosen)) and time.monotonic() < end:
            time.sleep(_PAUSE_S)
            before |= {one.pk for one in left}
            runs += self._recover(chosen)
        document = {
            "runs": runs,
            "containers": outcomes(before),
            "left": [told(one) for one in left],
        }
        if json:
            self.say(as_json.dumps(document))
        else:
            self._print(document)
        self.finish(1 if left else 0)

    def _recover(self, hosts: set[int]) -> list[int]:
        """One look at all of them; the runs that were made for it."""
        recovery.close_lapsed()
        begun = recovery.begin(source=UpdateRun.Trigger.COMMAND, hosts=hosts)
        for host_run in begun:
            execute_when_free(host_run.pk)
        return [host_run.run_id for host_run in begun]

    def _print(self, document: dict[str, Any]) -> None:
        for one in document["containers"]:
            self.say(f"{one['host']}/{one['name']}: {one['state']}. {one['reason']}")
        for one in document["left"]:
            self.say(f"{one['host']}/{one['name']}: left as it is. {one['reason']}")
        if not document["containers"] and not document["left"]:
            self.say("Nothing is left to put right.")
