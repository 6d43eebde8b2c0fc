"""A fleet to try things on: three stacks as compose would have made them, half of them stale."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import docker

from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec, build
from tests.lab.registry import Registry

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
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

    def spec(self, version: str) -> ImageSpec:
        check = HEALTHCHECK if self.has_healthcheck else None
        return ImageSpec(version=version, healthcheck=check, ballast_bytes=3_000_000)


SERVICES = (
    Service("shop", "db", "library/postgres", volume="shop-data", has_healthcheck=True),
    Service("shop", "cache", "library/valkey", is_stale=True),
    Service("shop", "api", "shop/api", ("db", "cache"), has_healthcheck=True, is_stale=True),
    Service("shop", "web", "shop/web", ("api",), is_stale=True),
    Service("blog", "db", "library/mariadb", volume="blog-data"),
    Service("blog", "app", "library/ghost", ("db",), is_stale=True),
    Service("blog", "backup", "tools/backup", labels={"watchweb.enable": "false"}, is_stale=True),
    Service("media", "player", "media/player", is_stale=True),
    Service("media", "indexer", "media/indexer", ("player",)),
    Service("media", "proxy", "library/caddy", is_stale=True, has_healthcheck=True),
    Service("media", "feeds", "media/feeds", labels={"watchweb.monitor-only": "true"}, is_stale=True),
)
LOCAL_IMAGE = "notes/local"
LOCAL_CONTAINER = "notes"


def create_fleet(engine: Dockerd, registry: Registry) -> list[str]:
    """Push version 1 of everything, run it, then push version 2 of the stale ones; the names."""
    with contextlib.closing(engine.api()) as api:
        for service in SERVICES:
            registry.push(service.repository, "1", service.spec("1"))
        for stack in dict.fromkeys(service.stack for service in SERVICES):
            api.create_network(f"{stack}_default", driver="bridge")
        for service in SERVICES:
            _run(api, registry, service)
        _run_local(api, registry)
    make_stale(registry)
    return [*(service.container for service in SERVICES), LOCAL_CONTAINER]


def make_stale(registry: Registry, version: str = "2") -> None:
    """Push a newer image under the tag that the stale services follow."""
    for service in SERVICES:
        if service.is_stale:
            registry.push(service.repository, "1", service.spec(version))


def _run(api: docker.APIClient, registry: Registry, service: Service) -> None:
    image = f"{registry.address}/{service.repository}:1"
    api.pull(f"{registry.address}/{service.repository}", tag="1", auth_config={})
    network = f"{service.stack}_default"
    binds = [f"{service.volume}:/data"] if service.volume else []
    depends = ",".join(f"{name}:service_started:false" for name in service.depends_on)
    labels = {
        PROJECT: service.stack,
        SERVICE: service.name,
        "com.docker.compose.container-number": "1",
        "com.docker.compose.depends_on": depends,
        **service.labels,
    }
    made = api.create_container_from_config(
        {
            "Image": image,
            "Labels": labels,
            "HostConfig": {
                "NetworkMode": network,
                "Binds": binds,
                "RestartPolicy": {"Name": "unless-stopped"},
            },
            "NetworkingConfig": {"EndpointsConfig": {network: {"Aliases": [service.name]}}},
        },
        service.container,
    )
    api.start(made["Id"])


def _run_local(api: docker.APIClient, registry: Registry) -> None:
    """A container of an image that was made on this host and is in no registry."""
    spec = replace(ImageSpec(), version="7")
    registry.push("local/source", "1", build(spec))
    api.pull(f"{registry.address}/local/source", tag="1", auth_config={})
    base = api.create_container_from_config({"Image": f"{registry.address}/local/source:1"}, "base")
    api.commit(base["Id"], LOCAL_IMAGE, tag="1")
    api.remove_container(base["Id"])
    made = api.create_container_from_config(
        {"Image": f"{LOCAL_IMAGE}:1", "HostConfig": {"NetworkMode": "none"}}, LOCAL_CONTAINER
    )
    api.start(made["Id"])
