"""Send a container back to an image that it had."""

from argparse import ArgumentParser
from typing import Any

from updates.flow.session import Kind
from updates.management import base
from updates.management.foreground import RunCommand, chosen_hosts
from updates.management.trust_options import TrustCommand
from updates.models import UpdateRun
from updates.triggers import NothingToDo, trigger_back


class Command(RunCommand):
    help = (
        "Recreate a container on the image it had before this one, or on any other that it had. "
        "The image is used if it is on the host, or pulled again by its digest. The container is "
        "then held: no run updates it until it is released. If the earlier image does not work, "
        "the present one comes back."
    )
    kind = Kind.UPDATE
    examples = (
        "  manage.py rollback nas web\n"
        "  manage.py rollback nas web --to sha256:4f53cda18c2b\n"
        "  manage.py rollback nas web --json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("host", metavar="HOST")
        parser.add_argument("container", metavar="CONTAINER")
        parser.add_argument(
            "--to",
            default="",
            metavar="DIGEST",
            help="The digest or the id of an image that it had; the first digits are enough.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")
        TrustCommand.add_arguments(self, parser)

    def handle(self, **options: Any) -> None:
        self.take_trust(options)
        try:
            run = trigger_back(
                chosen_hosts([options["host"]])[0],
                options["container"],
                to=options["to"],
                source=UpdateRun.Trigger.COMMAND,
                in_background=False,
            )
        except NothingToDo as error:
            raise base.wrong_use(str(error)) from error
        self.carry_out(run, as_json=options["json"])
