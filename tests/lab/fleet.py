"""A fleet to try things on: three stacks as compose would have made them, half of them stale."""

import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import docker

from tests.lab.dockerd import Dockerd, pull
from tests.lab.images import ImageSpec, archive, build
from tests.lab.registry import Registry

COMPOSE = "com.docker.compose."
HEALTHCHECK = {
    "Test": ["CMD-SHELL", "test -f /version"],
    "Interval": 1_000_000_000,
    "Timeout": 2_000_000_000,
    "Retries": 3,
}


@dataclass(frozen=True, slots=True)
class Service:
    """One container of the fleet."""

    stack: str
    name: str
    repository: str
    depends_on: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    volume: str = ""
    has_healthcheck: bool = False
    is_stale: bool = False

    @property
    def container(self) -> str:
        return f"{self.stack}-{self.name}-1"

    @property
    def network(self) -> str:
        return f"{self.stack}_default"

    def spec(self, version: str) -> ImageSpec:
        """Its image: no two services share more than the base layer."""
        return ImageSpec(
            version=version,
            healthcheck=HEALTHCHECK if self.has_healthcheck else None,
            files={"service": self.container},
            ballast_bytes=2_000_000,
        )


@dataclass(frozen=True, slots=True)
class Fleet:
    """Names of its containers."""

    names: tuple[str, ...]
    stale: tuple[str, ...]


SERVICES = (
    Service("shop", "db", "library/postgres", volume="shop-data", has_healthcheck=True),
    Service("shop", "cache", "library/valkey", is_stale=True),
    Service("shop", "api", "shop/api", ("db", "cache"), has_healthcheck=True, is_stale=True),
    Service("shop", "web", "shop/web", ("api",), is_stale=True),
    Service("blog", "db", "library/mariadb", volume="blog-data"),
    Service("blog", "app", "library/ghost", ("db",), is_stale=True),
    Service("blog", "backup", "tools/backup", labels={"watchweb.enable": "false"}),
    Service("media", "player", "media/player", is_stale=True, has_healthcheck=True),
    Service("media", "indexer", "media/indexer", ("player",)),
    Service("media", "proxy", "library/caddy"),
    Service(
        "media", "feeds", "media/feeds", labels={"watchweb.monitor-only": "true"}, is_stale=True
    ),
)
LOCAL_IMAGE = "notes/local:7"
LOCAL_CONTAINER = "notes"


def create_fleet(engine: Dockerd, registry: Registry) -> Fleet:
    """Run version 1 of everything; then push version 2 of the stale ones."""
    stacks = tuple(dict.fromkeys(service.stack for service in SERVICES))
    with contextlib.closing(engine.api()) as api, ThreadPoolExecutor(len(stacks)) as pool:
        for stack in stacks:
            _network(api, stack)
        _run_local(api)
        for _ in pool.map(lambda stack: _run_stack(api, registry, stack), stacks):
            pass
        for _ in pool.map(lambda stack: make_stale(registry, stack=stack), stacks):
            pass
    names = (*(service.container for service in SERVICES), LOCAL_CONTAINER)
    return Fleet(names, tuple(service.container for service in SERVICES if service.is_stale))


def make_stale(registry: Registry, version: str = "2", stack: str = "") -> None:
    """Push a newer image under the tag that the stale services follow, of one stack or of all."""
    for service in SERVICES:
        if service.is_stale and stack in ("", service.stack):
            registry.push(service.repository, "1", service.spec(version))


def _network(api: docker.APIClient, stack: str) -> None:
    labels = {f"{COMPOSE}project": stack, f"{COMPOSE}network": "default"}
    api.create_network(f"{stack}_default", driver="bridge", labels=labels)


def _run_stack(api: docker.APIClient, registry: Registry, stack: str) -> None:
    for service in SERVICES:
        if service.stack == stack:
            registry.push(service.repository, "1", service.spec("1"))
            pull(api, f"{registry.address}/{service.repository}", "1")
            body = _body(api, f"{registry.address}/{service.repository}:1", service)
            api.start(api.create_container_from_config(body, service.container)["Id"])


def _body(api: docker.APIClient, image: str, service: Service) -> dict[str, object]:
    binds = [f"{service.volume}:/data"] if service.volume else []
    return {
        "Image": image,
        "Labels": _labels(service, api.inspect_image(image)["Id"]),
        "HostConfig": {
            "NetworkMode": service.network,
            "Binds": binds,
            "RestartPolicy": {"Name": "unless-stopped"},
        },
        "NetworkingConfig": {"EndpointsConfig": {service.network: {"Aliases": [service.name]}}},
    }


def _labels(service: Service, image_id: str) -> dict[str, str]:
    """What compose would have put on it."""
    depends = ",".join(f"{name}:service_started:false" for name in service.depends_on)
    return {
        f"{COMPOSE}project": service.stack,
        f"{COMPOSE}service": service.name,
        f"{COMPOSE}container-number": "1",
        f"{COMPOSE}oneoff": "False",
        f"{COMPOSE}image": image_id,
        f"{COMPOSE}depends_on": depends,
        **service.labels,
    }


def _run_local(api: docker.APIClient) -> None:
    """A container of an image that was made on this host and is in no registry."""
    for _ in api.load_image(archive(build(ImageSpec(version="7")), LOCAL_IMAGE)):
        pass
    body = {"Image": LOCAL_IMAGE, "HostConfig": {"NetworkMode": "none"}}
    api.start(api.create_container_from_config(body, LOCAL_CONTAINER)["Id"])
