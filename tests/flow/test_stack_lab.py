"""A compose-like stack on a real engine: restart flag, and a shared network."""

from collections.abc import Iterator
from dataclasses import replace

import docker
import pytest

from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from tests.runs.stage import Stage, result, staged
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE

ONE, TWO = ImageSpec(version="1"), ImageSpec(version="2")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db: None, lab_engine: Dockerd) -> Iterator[Stage]:
    with staged(lab_engine) as made:
        yield made


def service(name: str, needs: str = "") -> dict[str, str]:
    return {COMPOSE_PROJECT: "shop", COMPOSE_SERVICE: name, COMPOSE_DEPENDS_ON: needs}


def test_a_stack_restarts_with_its_database_and_its_network_goes_along(
    stage: Stage, lab_registry: Registry
) -> None:
    stage.trust(lab_registry)
    db = stage.fetch(lab_registry, "stack/db", ONE)
    other = stage.fetch(lab_registry, "stack/web", ONE)
    stage.create(db, "shop-db-1", Labels=service("db"))
    needs = "db:service_started:true"
    web = stage.create(other, "shop-web-1", Labels=service("web", needs))
    calm = stage.create(other, "calm", Labels=service("calm", "db:service_started:false"))
    shared = {"NetworkMode": f"container:{web}"}
    stage.create(other, "side", HostConfig=shared)
    lab_registry.push("stack/db", "1", TWO)

    report = stage.update()

    states = {one["name"]: one["state"] for one in report["containers"]}
    assert states == {
        "shop-db-1": "updated",
        "shop-web-1": "restarted",
        "calm": "fresh",
        "side": "restarted",
    }
    new_web = stage.inspect("shop-web-1")["Id"]
    assert result(report, "shop-web-1")["new_id"] == new_web != web
    assert stage.inspect("side")["HostConfig"]["NetworkMode"] == f"container:{new_web}"
    assert stage.inspect("side")["State"]["Running"]
    assert stage.inspect("calm")["Id"] == calm


BRIDGE = "unit-net"


@pytest.fixture
def vpn(stage: Stage, lab_registry: Registry) -> Iterator[str]:
    """The id of a container on a network of its own, with a stale image, as its child has."""
    pool = docker.types.IPAMPool(subnet="10.214.93.0/24")
    stage.api.create_network(BRIDGE, ipam=docker.types.IPAMConfig(pool_configs=[pool]))
    try:
        stage.trust(lab_registry)
        vpn = stage.create(
            stage.fetch(lab_registry, "unit/vpn", ONE), "vpn", HostConfig={"NetworkMode": BRIDGE}
        )
        child = stage.fetch(lab_registry, "unit/torrent", ONE)
        shared = {"NetworkMode": f"container:{vpn}"}
        stage.create(child, "torrent", HostConfig=shared)
        lab_registry.push("unit/vpn", "1", TWO)
        yield vpn
        for name in ("torrent", "vpn"):
            stage.api.remove_container(name, force=True)
    finally:
        stage.api.remove_network(BRIDGE)


def address(stage: Stage, name: str) -> str:
    """What the container sees of its network."""
    return stage.output(name, "cat /proc/net/fib_trie | /bin/busybox grep -o '10.214.93.[2-9]' ")


def test_two_that_share_a_network_are_updated_together(
    stage: Stage, lab_registry: Registry, vpn: str
) -> None:
    lab_registry.push("unit/torrent", "1", TWO)

    report = stage.update()

    assert {one["state"] for one in report["containers"]} == {"updated"}
    assert [stage.version_in(name) for name in ("vpn", "torrent")] == ["2", "2"]
    assert address(stage, "torrent") == address(stage, "vpn") != ""
    assert stage.names() == ["torrent", "vpn"]


def test_one_that_fails_in_anothers_network_takes_it_back_to_its_old_image(
    stage: Stage, lab_registry: Registry, vpn: str
) -> None:
    lab_registry.push("unit/torrent", "1", replace(TWO, cmd=("/bin/sh", "-c", "exit 3")))

    report = stage.update()

    assert {one["state"] for one in report["containers"]} == {"rolled_back"}
    assert "torrent, which shares with it, failed" in result(report, "vpn")["reason"]
    assert stage.inspect("vpn")["Id"] == vpn
    assert [stage.version_in(name) for name in ("vpn", "torrent")] == ["1", "1"]
    assert address(stage, "torrent") == address(stage, "vpn") != ""
    assert stage.names() == ["torrent", "vpn"]
