"""What happens before the pictures are taken, so that the pages have something to tell."""

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from tests.commands.installation import Installation, wait_until
from tests.fakes.http_sink import HttpSink
from tests.lab.demo import DemoLab
from tests.pictures.person import Person
from tests.pictures.props import BROKEN_SHOP, CHANNEL, COMMANDS, MONTH, PLAYER, ROWS, WEBHOOK

HOST = "/hosts/1/containers"
PLAYER_NAME = "media-player-1"
HELD = "The theme does not work with the next version yet."


class Story:
    """Told in order: `connect`, `live`, `begin_update`, `end_update`. `facts` are keys of rows."""

    def __init__(self, lab: DemoLab, installation: Installation) -> None:
        self.lab = lab
        self.installation = installation
        self.facts: dict[str, int] = {}

    def connect(self) -> None:
        """The host, and nothing else: what a person finds who has just begun."""
        registry = f"addregistry {self.lab.registry_domain} --insecure"
        self._commands(["migrate --verbosity=0", registry, f"addhost nas {self.lab.engine_url}"])

    def live(self, person: Person, sink: HttpSink) -> None:
        """Some weeks of a small installation, in a minute."""
        self.lab.registry.push("shop/web", "1", BROKEN_SHOP)
        self.lab.registry.push("media/player", "1", PLAYER)
        self._commands(COMMANDS, stdin="a-token\n")
        person.send("/notifications/add/", **CHANNEL, url=f"json://{sink.address}/watchweb")
        person.send_here("/webhooks/add/", **WEBHOOK)
        self.facts["scan"] = person.run("scan")
        self._update(person)
        self._hear_of_a_push(person)

    def begin_update(self, person: Person) -> None:
        """An update that waits at its gate until `end_update`."""
        self.facts["running"] = person.start("update", self.facts["player"])
        wait_until(self._is_at_gate, 120, "The player did not come to its gate.")

    def end_update(self) -> None:
        """Its container is healthy from now on."""
        with contextlib.closing(self.lab.engine.api()) as api:
            made = api.exec_create(PLAYER_NAME, ["/bin/touch", "/ready"])
            api.exec_start(made["Id"])

    def _update(self, person: Person) -> None:
        """One stack: two of it come through, one goes back. One container is held."""
        rows = self._read(ROWS)["containers"]
        self.facts["player"] = rows[PLAYER_NAME]
        shop = (rows[f"shop-{name}-1"] for name in ("cache", "api", "web"))
        self.facts["update"] = person.run("update", *shop)
        person.send(f"{HOST}/blog-app-1/hold/", reason=HELD)
        person.send_here(f"{HOST}/{PLAYER_NAME}/update/images/")
        self.facts["later"] = person.run("scan")

    def _hear_of_a_push(self, person: Person) -> None:
        address, secret = self._read(MONTH + ROWS)["webhook"]
        image = f"{self.lab.registry_domain}/library/caddy:1"
        person.deliver(f"/hooks/{address}/?image={image}", secret)
        person.wait_for(self.facts["later"] + 1)

    def _is_at_gate(self) -> bool:
        with contextlib.closing(self.lab.engine.api()) as api:
            named = [one for one in api.containers() if f"/{PLAYER_NAME}" in one["Names"]]
        return any("starting" in one["Status"] for one in named)

    def _commands(self, lines: Sequence[str], stdin: str = "") -> None:
        """Watchweb's commands, one after the other in one process: each start takes a while."""
        script = (
            "import shlex\n"
            "from django.core.management import call_command\n"
            f"for line in {list(lines)!r}: call_command(*shlex.split(line))"
        )
        self.installation.manage("shell", "-v0", "-c", script, stdin=stdin)

    def _read(self, script: str) -> Any:
        """What a script in Watchweb's own shell prints as JSON."""
        return json.loads(self.installation.manage("shell", "-v0", "-c", script))
