"""What the fakes claim of an engine, shown on a real one."""

from collections.abc import Iterator

import pytest

from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from tests.runs.stage import Stage, result, staged

ONE, TWO = ImageSpec(version="1"), ImageSpec(version="2")
BAD = ImageSpec(version="bad", cmd=("/bin/sh", "-c", "exit 3"))
MONITORED = {"com.centurylinklabs.watchtower.monitor-only": "true"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db: None, lab_engine: Dockerd) -> Iterator[Stage]:
    with staged(lab_engine) as made:
        yield made


def stale(stage: Stage, registry: Registry, name: str, new: ImageSpec = TWO, **host: bool) -> str:
    """A running container whose registry has another image. Its image's id."""
    stage.trust(registry)
    image = stage.fetch(registry, f"course/{name}", ONE)
    stage.create(image, name, HostConfig=host)
    registry.push(f"course/{name}", "1", new)
    return str(stage.inspect(name)["Image"])


def image_ids(stage: Stage) -> set[str]:
    return {image["Id"] for image in stage.api.images()}


def test_clean_up_removes_an_old_image_with_all_the_names_it_has(
    stage: Stage, lab_registry: Registry
) -> None:
    old = stale(stage, lab_registry, "web")
    assert result(stage.update(cleanup=True), "web")["state"] == "updated"
    assert old not in image_ids(stage)


def test_without_clean_up_the_old_image_stays(stage: Stage, lab_registry: Registry) -> None:
    old = stale(stage, lab_registry, "web")
    stage.update()
    assert old in image_ids(stage)


def test_a_rm_container_is_replaced_though_it_vanishes(
    stage: Stage, lab_registry: Registry
) -> None:
    stale(stage, lab_registry, "once", AutoRemove=True)
    done = result(stage.update(), "once")
    assert (done["state"], done["reason"]) == (
        "updated",
        "The registry has another image under this tag.",
    )
    assert stage.names() == ["once"]
    assert stage.version_in("once") == "2"
    assert stage.inspect("once")["HostConfig"]["AutoRemove"] is True


def test_a_rm_container_comes_back_from_its_snapshot_and_is_followed_on(
    stage: Stage, lab_registry: Registry
) -> None:
    old = stale(stage, lab_registry, "once", new=BAD, AutoRemove=True)
    assert result(stage.update(), "once")["state"] == "rolled_back"
    assert stage.names() == ["once"]
    assert stage.version_in("once") == "1"
    assert stage.inspect("once")["Image"] == old
    again = result(stage.scan(), "once")
    assert (again["state"], again["image"]) == ("stale", f"{lab_registry.address}/course/once:1")


def test_a_monitored_one_of_the_same_tag_is_restarted_on_its_own_image(
    stage: Stage, lab_registry: Registry
) -> None:
    stale(stage, lab_registry, "vpn")
    parent = stage.inspect("vpn")
    image = parent["Config"]["Image"]
    mode = {"NetworkMode": f"container:{parent['Id']}"}
    stage.create(image, "side", Labels=MONITORED, HostConfig=mode)

    document = stage.update()

    assert result(document, "vpn")["state"] == "updated"
    assert result(document, "side")["state"] == "restarted"
    assert stage.version_in("side") == "1"
    now = stage.inspect("vpn")["Id"]
    assert stage.inspect("side")["HostConfig"]["NetworkMode"] == f"container:{now}"
    assert result(stage.scan(), "side")["image"] == image


def test_those_in_the_network_of_one_that_was_rolled_back_are_connected_again(
    stage: Stage, lab_registry: Registry
) -> None:
    stale(stage, lab_registry, "vpn", new=BAD)
    parent = stage.inspect("vpn")["Id"]
    image = stage.fetch(lab_registry, "course/side", ONE)
    stage.create(image, "side", HostConfig={"NetworkMode": f"container:{parent}"})

    document = stage.update()

    assert result(document, "vpn")["state"] == "rolled_back"
    assert result(document, "side")["state"] == "restarted"
    namespaces = {network_of(stage, name) for name in ("vpn", "side")}
    assert len(namespaces) == 1


def network_of(stage: Stage, name: str) -> str:
    return stage.output(name, "ls -l /proc/1/ns/net").rpartition(" ")[2]
