"""A hundred running containers, each of its own repository; some of their images have moved on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import docker

from tests.lab.dockerd import Dockerd, pull
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry

_TAG = "1"
_AT_ONCE = 4
_SLEEP = ("/bin/sleep", "3600")


@dataclass(frozen=True, slots=True)
class Crowd:
    """`count` containers of images at `address`, the first `stale` of them behind their tags."""

    address: str
    count: int = 100
    stale: int = 10

    def names(self) -> Iterator[str]:
        return (f"app-{number}" for number in range(self.count))

    def expected(self) -> dict[str, str]:
        """What each container is: "stale" or "fresh"."""
        return {
            name: "stale" if number < self.stale else "fresh"
            for number, name in enumerate(self.names())
        }


def gather(crowd: Crowd, engine: Dockerd, registry: Registry) -> None:
    """Push, pull, start, and push what makes some stale. Raises LabError."""
    for name in crowd.names():
        registry.push(_repository(name), _TAG, ImageSpec(version=name, cmd=_SLEEP))
    with closing(engine.api()) as api, ThreadPoolExecutor(_AT_ONCE) as pool:
        for name in crowd.names():
            pull(api, f"{crowd.address}/{_repository(name)}", _TAG)
        for started in [pool.submit(_run, api, crowd, name) for name in crowd.names()]:
            started.result()
    for name, state in crowd.expected().items():
        if state == "stale":
            registry.push(_repository(name), _TAG, ImageSpec(version=f"newer {name}", cmd=_SLEEP))


def _run(api: docker.APIClient, crowd: Crowd, name: str) -> None:
    image = f"{crowd.address}/{_repository(name)}:{_TAG}"
    body = {"Image": image, "HostConfig": {"NetworkMode": "none"}}
    api.start(api.create_container_from_config(body, name)["Id"])


def _repository(name: str) -> str:
    return f"crowd/{name}"
