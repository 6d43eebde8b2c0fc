"""The lab of `make demo`: an engine, a registry and the fleet."""

import contextlib
from pathlib import Path

from tests.lab.dockerd import Dockerd
from tests.lab.fleet import SERVICES, Fleet, create_fleet
from tests.lab.missing import LabError, missing
from tests.lab.registry import Registry


class DemoLab:
    """Everything below `root`. Nothing but files is left after `stop`."""

    engine: Dockerd
    registry: Registry
    fleet: Fleet

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ends = contextlib.ExitStack()

    @property
    def engine_url(self) -> str:
        return self.engine.url

    @property
    def registry_domain(self) -> str:
        return self.registry.address

    def start(self) -> None:
        """Start all of it. Raises LabError, also when a part is missing on this machine."""
        for part in ("dockerd", "registry"):
            if why := missing(part):
                raise LabError(why)
        self.registry = Registry(self._root / "registry")
        self.engine = Dockerd(self._root / "engine")
        for part_of_it in (self.registry, self.engine):
            self._ends.callback(part_of_it.stop)
            part_of_it.start()
        self.fleet = create_fleet(self.engine, self.registry)

    def stop(self) -> None:
        """End what was started, if anything was."""
        self._ends.close()

    def lines(self) -> list[str]:
        """What there is to see, in words."""
        stacks = ", ".join(dict.fromkeys(service.stack for service in SERVICES))
        count, stale = len(self.fleet.names), len(self.fleet.stale)
        return [
            f"Engine: {self.engine_url}",
            f"Registry: {self.registry_domain} (plain HTTP, on loopback only)",
            f"{count} containers, most in the stacks {stacks}; {stale} have a newer image.",
        ]
