"""The lab of `make demo`: an engine, a registry and the fleet."""

from pathlib import Path

from tests.lab.dockerd import Dockerd
from tests.lab.fleet import SERVICES, create_fleet
from tests.lab.registry import Registry


class DemoLab:
    """Everything below `root`; nothing is left after `stop`."""

    def __init__(self, root: Path) -> None:
        self.engine = Dockerd(root / "engine")
        self.registry = Registry(root / "registry")

    @property
    def engine_url(self) -> str:
        return self.engine.url

    @property
    def registry_domain(self) -> str:
        return self.registry.address

    def start(self) -> None:
        self.registry.start()
        self.engine.start()
        create_fleet(self.engine, self.registry)

    def stop(self) -> None:
        self.engine.stop()
        self.registry.stop()

    def lines(self) -> list[str]:
        """What there is to see, in words."""
        stacks = ", ".join(dict.fromkeys(service.stack for service in SERVICES))
        stale = sum(service.is_stale for service in SERVICES)
        return [
            f"Engine: {self.engine_url}",
            f"Registry: {self.registry_domain} (plain HTTP, on loopback only)",
            f"{len(SERVICES) + 1} containers in the stacks {stacks}; {stale} have a newer image.",
        ]
