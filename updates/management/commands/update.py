"""Update what is stale, in the foreground."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from updates.flow.session import Kind, Params
from updates.management.base import wrong_use
from updates.management.foreground import RunCommand


class Command(RunCommand):
    help = "Check containers and recreate those whose image is stale."
    examples = (
        "  manage.py update\n"
        "  manage.py update web --host nas --cleanup\n"
        "  manage.py update --monitor-only --json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--cleanup", action="store_true", help="Remove old images that nothing needs."
        )
        parser.add_argument(
            "--no-pull", action="store_true", help="Ask no registry; use the images at hand."
        )
        parser.add_argument(
            "--monitor-only", action="store_true", help="Report what is stale; change nothing."
        )
        parser.add_argument(
            "--stop-timeout",
            type=int,
            default=settings.WATCHWEB_STOP_TIMEOUT,
            metavar="S",
            help="Seconds a container gets to stop by itself.",
        )

    def handle(self, *, names: list[str], hosts: list[str], json: bool, **options: Any) -> None:
        if options["stop_timeout"] < 0:
            raise wrong_use("--stop-timeout takes a number of seconds from 0.")
        chosen = ("label_enable", "include_stopped", "cleanup", "no_pull", "monitor_only")
        params = Params(
            kind=Kind.UPDATE,
            names=tuple(names),
            stop_timeout=options["stop_timeout"],
            gate_seconds=settings.WATCHWEB_GATE_SECONDS,
            **{name: options[name] for name in chosen},
        )
        self.perform(params, hosts=hosts, as_json=json)
