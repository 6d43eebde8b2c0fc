"""A host row on the lab's engine, containers on it, and runs carried out in this very process."""

import contextlib
from collections.abc import Iterator
from typing import Any

import docker

from tests.lab.dockerd import Dockerd, pull
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from updates.flow.session import Kind, Params
from updates.models import Host, Registry, UpdateRun
from updates.runs.execute import execute_host_run
from updates.runs.report import report
from updates.triggers import trigger_run

Json = dict[str, Any]


class Platform:
    """An engine, to put containers on and look at them."""

    def __init__(self, engine: Dockerd, api: docker.APIClient) -> None:
        self.engine = engine
        self.api = api

    def fetch(self, registry: LabRegistry, repository: str, spec: ImageSpec) -> str:
        """Push an image as tag 1 and pull it; the name it has on the engine."""
        registry.push(repository, "1", spec)
        name = f"{registry.address}/{repository}"
        login = {"username": registry.username, "password": registry.password}
        if registry.auth == "none":
            pull(self.api, name, "1")
        else:
            self.api.pull(name, tag="1", auth_config=login)
        return f"{name}:1"

    def create(self, image: str, name: str, *, start: bool = True, **config: Any) -> str:
        """A container, with no network unless `HostConfig` says so; its id."""
        config["HostConfig"] = {"NetworkMode": "none"} | config.get("HostConfig", {})
        made = self.api.create_container_from_config({"Image": image, **config}, name)
        if start:
            self.api.start(made["Id"])
        return str(made["Id"])

    def inspect(self, container: str) -> Json:
        return dict(self.api.inspect_container(container))

    def version_in(self, container: str) -> str:
        """Which version of its image a running container says it is."""
        return self.output(container, "cat /version")

    def output(self, container: str, command: str) -> str:
        made = self.api.exec_create(container, ["/bin/sh", "-c", command])
        return str(self.api.exec_start(made["Id"]).decode().strip())

    def names(self) -> list[str]:
        """Every container on the engine."""
        return sorted(one["Names"][0].lstrip("/") for one in self.api.containers(all=True))


class Stage(Platform):
    """An engine with its row, and registries that its runs know."""

    def __init__(self, engine: Dockerd, api: docker.APIClient) -> None:
        super().__init__(engine, api)
        self.host = Host.objects.create(name="lab", url=engine.url)

    def trust(self, registry: LabRegistry, **changes: Any) -> Registry:
        """Add the registry's row: its CA, its user, as an administrator would."""
        row = Registry(
            domain=registry.address, ca_pem=registry.ca_pem, plain_http=not registry.ca_pem
        )
        if registry.auth != "none":
            row.username, row.password = registry.username, registry.password
        for name, value in changes.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
        return row

    def scan(self, *hosts: Host, **switches: Any) -> Json:
        return carried_out(hosts or (self.host,), _params(Kind.SCAN, switches))

    def update(self, *hosts: Host, **switches: Any) -> Json:
        """An update whose gate is one second."""
        params = _params(Kind.UPDATE, {"gate_seconds": 1} | switches)
        return carried_out(hosts or (self.host,), params)


def _params(kind: Kind, switches: Json) -> Params:
    """`names` and `max_age_s` are the run's own; the rest are settings."""
    own = {name: switches.pop(name) for name in ("names", "max_age_s") if name in switches}
    return Params(kind, switches=switches, **own)


@contextlib.contextmanager
def staged(engine: Dockerd) -> Iterator[Stage]:
    with contextlib.closing(engine.api()) as api:
        yield Stage(engine, api)


def carried_out(hosts: tuple[Host, ...], params: Params) -> Json:
    """The report of a run on these hosts, one after the other."""
    run = trigger_run(hosts, params, source=UpdateRun.Trigger.COMMAND, in_background=False)
    for host_run in run.host_runs.all():
        execute_host_run(host_run.pk)
    run.refresh_from_db()
    return report(run)


def result(document: Json, name: str) -> Json:
    """What a report says of one container."""
    found = [one for one in document["containers"] if one["name"] == name]
    assert len(found) == 1, document
    return dict(found[0])
