"""On a real engine: what shares with an updated container is recreated after it, and works."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from tests.runs.stage import Stage, result, staged
from updates.flow.edges import EdgeKind, shares
from updates.flow.ties import Ties
from updates.models import Container

ONE = ImageSpec(version="1", volumes=("/shared",))
TWO = ImageSpec(version="2", volumes=("/shared",))
PLAIN = ImageSpec(version="1")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["lab_engine", "lab_engine_newer"])
def stage(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """An engine that speaks API 1.41 at most, and one that speaks 1.44 at least."""
    with staged(request.getfixturevalue(request.param)) as made:
        yield made


def states(report: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["state"] for one in report["containers"]}


def spelled(how: str, name: str, container_id: str) -> str:
    return {"name": name, "short id": container_id[:12]}[how]


def ready(stage: Stage, registry: Registry) -> tuple[str, str]:
    """The id of "data", whose image has a newer one, and the name of another image."""
    stage.trust(registry)
    image = stage.fetch(registry, "ties/data", ONE)
    other = stage.fetch(registry, "ties/other", PLAIN)
    data = stage.create(image, "data", HostConfig={"IpcMode": "shareable"})
    registry.push("ties/data", "1", TWO)
    return data, other


@pytest.mark.parametrize("how", ["name", "short id"])
def test_ipc_pid_and_volumes_follow_their_owner(
    stage: Stage, lab_registry: Registry, how: str
) -> None:
    data, other = ready(stage, lab_registry)
    stage.output("data", "echo kept > /shared/file; echo old > /dev/shm/mark")
    parent = spelled(how, "data", data)
    stage.create(other, "ipc", HostConfig={"IpcMode": f"container:{parent}"})
    stage.create(other, "pid", HostConfig={"PidMode": f"container:{parent}"})
    stage.create(other, "volumes", HostConfig={"VolumesFrom": [f"{parent}:ro"]})
    stage.create(other, "apart")
    assert stage.output("ipc", "cat /dev/shm/mark") == "old"

    report = stage.update()

    assert states(report) == {
        "data": "updated",
        "ipc": "restarted",
        "pid": "restarted",
        "volumes": "restarted",
        "apart": "fresh",
    }
    assert result(report, "ipc")["reason"] == shares({EdgeKind.IPC})
    assert result(report, "pid")["reason"] == shares({EdgeKind.PID})
    assert result(report, "volumes")["reason"] == shares({EdgeKind.VOLUMES_FROM})
    new = stage.inspect("data")["Id"]
    assert new != data
    check_they_share(stage, "data" if how == "name" else new)


def check_they_share(stage: Stage, parent: str) -> None:
    """They are bound to "data", which they may name so or by its id, and it works."""
    hosts = {one: stage.inspect(one)["HostConfig"] for one in ("ipc", "pid", "volumes")}
    allowed = {f"container:{parent}", f"container:{stage.inspect('data')['Id']}"}
    assert {hosts["ipc"]["IpcMode"], hosts["pid"]["PidMode"]} <= allowed
    assert hosts["volumes"]["VolumesFrom"] == [f"{parent}:ro"]
    stage.output("data", "echo new > /dev/shm/mark")
    assert stage.output("ipc", "cat /dev/shm/mark") == "new"
    assert "sleep" in stage.output("pid", "cat /proc/1/cmdline")
    assert stage.output("volumes", "cat /shared/file") == "kept"


@pytest.mark.parametrize("stage", ["lab_engine"], indirect=True)
def test_their_ties_are_kept_and_asked_for_once(stage: Stage, lab_registry: Registry) -> None:
    data, other = ready(stage, lab_registry)
    stage.create(other, "web", HostConfig={"VolumesFrom": ["data"]})
    stage.create(other, "apart", HostConfig={"IpcMode": f"container:{data}"})
    stage.scan()
    assert set(Container.objects.values_list("ties", flat=True)) == {None}

    stage.update()
    kept = {one.name: one.ties for one in Container.objects.all()}
    assert kept == {"data": None, "web": None, "apart": None}  # all of them were recreated

    lab_registry.push("ties/data", "1", ImageSpec(version="3"))
    stage.create(other, "calm")
    stage.update()
    assert Container.objects.get(name="calm").ties == Ties().to_json()


# The newer engine of the lab has no name server in its containers.
@pytest.mark.parametrize("stage", ["lab_engine"], indirect=True)
def test_a_linked_container_is_updated_after_what_it_is_linked_to(
    stage: Stage, lab_registry: Registry
) -> None:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "ties/linked", ONE)
    stage.api.create_network("ties", driver="bridge")
    endpoint = {"Links": ["zdb:database"]}
    stage.create(image, "zdb", HostConfig={"NetworkMode": "ties"})
    stage.create(
        image,
        "app",
        HostConfig={"NetworkMode": "ties"},
        NetworkingConfig={"EndpointsConfig": {"ties": endpoint}},
    )
    lab_registry.push("ties/linked", "1", TWO)

    report = stage.update()

    assert states(report) == {"app": "updated", "zdb": "updated"}
    started = {name: stage.inspect(name)["State"]["StartedAt"] for name in ("app", "zdb")}
    assert started["zdb"] < started["app"]
    assert stage.inspect("app")["NetworkSettings"]["Networks"]["ties"]["Links"] == ["zdb:database"]
    address = stage.inspect("zdb")["NetworkSettings"]["Networks"]["ties"]["IPAddress"]
    assert address in stage.output("app", "/bin/busybox nslookup database 127.0.0.11")
