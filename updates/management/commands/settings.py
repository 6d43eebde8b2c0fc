"""Which settings count, and where they come from; and setting them."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from rich.console import Console
from rich.table import Table

from updates.flow.policy import Effective
from updates.flow.settings import catalogue, switch
from updates.management.base import Command as BaseCommand
from updates.management.base import wrong_use
from updates.models import Container, Host, Policy
from updates.runs.policies import everywhere, policies_of


class Command(BaseCommand):
    help = "Show the settings that count, each with where it comes from; or set some."
    examples = (
        "  manage.py settings\n"
        "  manage.py settings --host nas --container web --json\n"
        "  manage.py settings --set cleanup=yes --set rollback-window=3d\n"
        "  manage.py settings --host nas --container db --set monitor-only=yes\n"
        "  manage.py settings --host nas --unset cleanup"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", metavar="H", help="Of this host; without it, of everything.")
        parser.add_argument("--container", default="", metavar="NAME", help="Of this container.")
        parser.add_argument(
            "--set", action="append", default=[], dest="given", metavar="NAME=VALUE", help="Set it."
        )
        parser.add_argument(
            "--unset", action="append", default=[], metavar="NAME", help="Inherit it again."
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")

    def handle(self, *, host: str | None, container: str, json: bool, **options: Any) -> None:
        place = _host(host)
        if container and place is None:
            raise wrong_use("--container needs its --host.")
        policy = Policy.objects.set_for(place, container)
        if options["given"] or options["unset"]:
            _change(policy, options["given"], options["unset"])
        self._show(_effective(place, container), as_json=json)

    def _show(self, effective: Effective, *, as_json: bool) -> None:
        explained = effective.explained()
        if as_json:
            self.say(json.dumps(explained))
            return
        table = Table("Setting", "Value", "From", box=None, pad_edge=False)
        for name, about in catalogue().items():
            value = getattr(effective.settings, name)
            shown = "" if value in (None, "", ()) else about.kind.show(value)
            table.add_row(switch(name), shown, explained[name]["from"])
        Console().print(table)
        for complaint in effective.complaints:
            self.stderr.write(f"Warning: {complaint}")


def _host(name: str | None) -> Host | None:
    if name is None:
        return None
    found = Host.objects.filter(name=name).first()
    if found is None:
        raise wrong_use(f"There is no host {name!r}. Add it with: manage.py addhost")
    return found


def _change(policy: Policy, given: Sequence[str], unset: Sequence[str]) -> None:
    values = dict(policy.values)
    for name in unset:
        values.pop(name.replace("-", "_"), None)
    policy.values = values | dict(_pairs(given))
    try:
        policy.save()
    except ValidationError as error:
        raise wrong_use(" ".join(error.messages)) from error


def _pairs(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise wrong_use(f"--set takes NAME=VALUE, e.g. cleanup=yes, and got {text!r}.")
        yield name.strip().replace("-", "_"), value


def _effective(host: Host | None, container: str) -> Effective:
    if host is None:
        return everywhere().for_host()
    policies = policies_of(host)
    if not container:
        return policies.for_host()
    row = Container.objects.filter(host=host, name=container).first()
    return policies.for_container(container, row.labels if row else {})
