"""Update what is stale, in the foreground."""

from argparse import ArgumentParser

from updates.flow.session import Kind
from updates.flow.setting import Group
from updates.management.foreground import RunCommand


class Command(RunCommand):
    help = "Check containers and recreate those whose image is stale."
    kind = Kind.UPDATE
    groups = tuple(Group)
    examples = (
        "  manage.py update\n"
        "  manage.py update web --host nas --cleanup\n"
        "  manage.py update --monitor-only --json\n"
        "  manage.py update --rolling-restart --stop-timeout 30 --cooldown-delay 2d\n"
        "  manage.py update --max-age 600 --registry-ca ca.pem"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "-R",
            "--run-once",
            action="store_true",
            help="Watchtower's switch; this command is always one run, and ends with it.",
        )
