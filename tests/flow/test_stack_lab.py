"""A compose-like stack on a real engine: restart flag, and a shared network."""

from collections.abc import Iterator

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
