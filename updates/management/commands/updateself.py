"""Update the container that Watchweb itself runs in."""

import json as json_format
from argparse import ArgumentParser
from typing import Any

from updates.management import base
from updates.management.foreground import chosen_hosts
from updates.management.trust_options import TrustCommand
from updates.models import Host, UpdateRun
from updates.runs.own import own_hosts
from updates.runs.report import has_trouble, report
from updates.triggers import NothingToDo, trigger_self_update


class Command(TrustCommand):
    help = (
        "Update the container that this runs in. A helper container does it and writes it down; "
        "this command starts the helper and does not wait for it. If there is a newer image, "
        "Watchweb is away for some seconds; if that does not work, it comes back as it was."
    )
    examples = (
        "  manage.py updateself\n"
        "  docker compose exec watchweb python manage.py updateself --host nas --json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", metavar="H", help="The host that this container is on.")
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")
        super().add_arguments(parser)

    def handle(self, *, host: str | None, json: bool, **options: Any) -> None:
        self.take_trust(options)
        try:
            run = trigger_self_update(
                chosen_hosts([host])[0] if host else _own_host(),
                source=UpdateRun.Trigger.COMMAND,
            )
        except NothingToDo as error:
            raise base.wrong_use(str(error)) from error
        self.say(json_format.dumps(report(run)) if json else _sentence(run))
        self.finish(1 if has_trouble(run) else 0)


def _own_host() -> Host:
    """The host whose inventory shows this container, or the only one. Raises NothingToDo."""
    hosts = list(own_hosts()) or list(Host.objects.enabled()[:2])
    if not hosts:
        raise NothingToDo("There is no enabled host. Add one with: manage.py addhost NAME URL")
    if len(hosts) > 1:
        raise NothingToDo("Which host this container is on is not known: name it with --host H.")
    return hosts[0]


def _sentence(run: UpdateRun) -> str:
    if run.is_open:
        return f"Run {run.pk} has begun: {run.get_absolute_url()} shows what becomes of it."
    return f"Run {run.pk} {run.state}: {report(run)['hosts'][0]['error']}"
