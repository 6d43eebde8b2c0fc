"""A stage whose containers are all of one image, which is published again and again."""

from typing import Any

import docker

from tests.engine.lossless import image
from tests.lab.dockerd import Dockerd
from tests.lab.registry import Registry
from tests.runs.stage import Stage, result

REPOSITORY = "lossless/app"
Json = dict[str, Any]


class Shelf(Stage):
    """A stage on which one image is published again and again."""

    def __init__(self, engine: Dockerd, api: docker.APIClient, registry: Registry) -> None:
        super().__init__(engine, api)
        self.registry = registry
        self.trust(registry)

    def publish(self, version: int) -> None:
        self.registry.push(REPOSITORY, "1", image(version))

    def fetch_first(self) -> str:
        self.publish(1)
        name = f"{self.registry.address}/{REPOSITORY}"
        self.api.pull(name, tag="1", auth_config={})
        return f"{name}:1"

    def network(self, name: str, number: int) -> str:
        pools = [{"Subnet": f"10.213.{number}.0/24"}, {"Subnet": f"fd00:213:{number}::/64"}]
        ipam = {"Driver": "default", "Config": pools}
        self.api.create_network(name, driver="bridge", enable_ipv6=True, ipam=ipam)
        return name

    def look(self, names: list[str]) -> dict[str, Json]:
        return {name: self.inspect(name) for name in names}

    def move_on(self, version: int, names: list[str], **switches: Any) -> None:
        """Publish this version, and update all of them to it."""
        self.publish(version)
        document = self.update(gate_seconds=0, **switches)
        states = {name: result(document, name) for name in names}
        assert {
            name: one["reason"] for name, one in states.items() if one["state"] != "updated"
        } == {}

    def image_of(self, container: Json) -> Json:
        return dict(self.api.inspect_image(container["Image"]))
