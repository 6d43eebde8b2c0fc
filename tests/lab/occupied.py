"""Something that runs on an engine."""

import contextlib
from pathlib import Path

import docker

from tests.lab.dockerd import Dockerd, pull
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry


def run(api: docker.APIClient, image: str, name: str, network: str = "none") -> str:
    body = {"Image": image, "HostConfig": {"NetworkMode": network}}
    made = str(api.create_container_from_config(body, name)["Id"])
    api.start(made)
    return made


def occupy(engine: Dockerd, registry: Registry) -> Path:
    """Run a container on a network; where the machine shows the network's bridge."""
    registry.push("team/app", "1", ImageSpec())
    with contextlib.closing(engine.api()) as api:
        pull(api, f"{registry.address}/team/app", "1")
        network = api.create_network("gone", driver="bridge")["Id"]
        run(api, f"{registry.address}/team/app:1", "gone", "gone")
    return Path("/sys/class/net") / f"br-{network[:12]}"
