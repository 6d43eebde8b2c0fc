"""Let runs update a container again."""

from argparse import ArgumentParser
from typing import Any

from updates.management import base
from updates.management.foreground import chosen_hosts
from updates.models import Hold
from updates.runs.holds import lift


class Command(base.Command):
    help = (
        "Take away what keeps a container on the image it has: its hold after a roll back, and "
        "the blocks of images that failed in it. The next run goes by it."
    )
    examples = (
        "  manage.py release nas web\n  manage.py release nas web --digest sha256:4f53cda18c2b"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("host", metavar="HOST")
        parser.add_argument("container", metavar="CONTAINER")
        parser.add_argument(
            "--digest",
            default="",
            metavar="DIGEST",
            help="Only the block of this image; its first digits are enough.",
        )

    def handle(self, *, host: str, container: str, digest: str, **_: Any) -> None:
        rows = Hold.objects.of(chosen_hosts([host])[0].pk, container)
        chosen = [row for row in rows if not digest or _is_of(row, digest)]
        if not chosen:
            raise base.wrong_use(f"Nothing like that keeps {container} on {host} on its image.")
        for row in chosen:
            self.say(f"{row}: taken away.")
            lift(row)


def _is_of(row: Hold, digest: str) -> bool:
    digits = digest.rpartition(":")[2]
    return bool(digits) and row.digest.rpartition(":")[2].startswith(digits)
