"""What is stale? Changes nothing, pulls nothing."""

from typing import Any

from updates.flow.session import Kind, Params
from updates.management.foreground import RunCommand


class Command(RunCommand):
    help = "Check containers against their registries. Changes nothing, pulls nothing."
    examples = "  manage.py scan\n  manage.py scan web 'shop-*' --host nas --json"

    def handle(self, *, names: list[str], hosts: list[str], json: bool, **options: Any) -> None:
        params = Params(
            kind=Kind.SCAN,
            names=tuple(names),
            label_enable=options["label_enable"],
            include_stopped=options["include_stopped"],
        )
        self.perform(params, hosts=hosts, as_json=json)
