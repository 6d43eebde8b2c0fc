"""A hundred containers on twenty references, to count and to measure with."""

from concurrent.futures import ThreadPoolExecutor

import docker

from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry

CONTAINERS = 100
REFERENCES = 20
_TAG = "1"


def references(registry: Registry, count: int = REFERENCES) -> list[str]:
    return [f"{registry.address}/crowd/app-{number}" for number in range(count)]


def make_crowd(
    engine: Dockerd,
    registry: Registry,
    *,
    containers: int = CONTAINERS,
    count: int = REFERENCES,
) -> None:
    """Containers that share `count` references, in turn; created, and not started."""
    api = engine.api()
    try:
        for number, name in enumerate(references(registry, count)):
            _push_and_pull(api, registry, name, ImageSpec(version=str(number)))
        names = references(registry, count)
        with ThreadPoolExecutor(4) as pool:
            made = pool.map(
                lambda number: _create(api, f"{names[number % count]}:{_TAG}", number),
                range(containers),
            )
            assert all(made)
    finally:
        api.close()


def _push_and_pull(api: docker.APIClient, registry: Registry, name: str, spec: ImageSpec) -> None:
    registry.push(name.removeprefix(f"{registry.address}/"), _TAG, spec)
    login = {"username": registry.username, "password": registry.password}
    api.pull(name, tag=_TAG, auth_config=login if registry.auth != "none" else {})


def _create(api: docker.APIClient, image: str, number: int) -> str:
    body = {"Image": image, "HostConfig": {"NetworkMode": "none"}}
    return str(api.create_container_from_config(body, f"crowd-{number}")["Id"])
