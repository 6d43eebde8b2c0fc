"""Update what is stale, in the foreground."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from updates.flow.session import Kind, Params
from updates.management.base import wrong_use
from updates.management.foreground import RunCommand


class Command(RunCommand):
    help = "Check containers and recreate those whose image is stale."
    kind = Kind.UPDATE
    examples = (
        "  manage.py update\n"
        "  manage.py update web --host nas --cleanup\n"
        "  manage.py update --monitor-only --json\n"
        "  manage.py update --max-age 600 --registry-ca ca.pem"
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

    def params(self, options: Mapping[str, Any]) -> Params:
        if options["stop_timeout"] < 0:
            raise wrong_use("--stop-timeout takes a number of seconds from 0.")
        return replace(
            super().params(options),
            cleanup=options["cleanup"],
            no_pull=options["no_pull"],
            monitor_only=options["monitor_only"],
            stop_timeout=options["stop_timeout"],
            gate_seconds=settings.WATCHWEB_GATE_SECONDS,
        )
