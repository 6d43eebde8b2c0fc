"""What others do on the host in the middle of an update: a sentence in the record, nothing lost."""

from collections.abc import Iterator

import pytest

from tests.drill.drill import Drill
from tests.drill.kinds import ADDRESS, KINDS, NETWORK, PLAIN
from tests.drill.points import Point, Side, Source

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

FIXED = next(one for one in KINDS if one.name == "address")
CREATE, NEW_NAME, START = (
    Point(Source.ENGINE, number, name, Side.BEFORE)
    for number, name in [(1, "create"), (5, "rename"), (6, "start")]
)


@pytest.fixture
def drill(lab_drill: Drill) -> Iterator[Drill]:
    yield lab_drill
    lab_drill.worker.ask(do="forget")


def stranger(drill: Drill, name: str, address: str = "") -> str:
    """Another container, running."""
    body = {"Image": "drill-other:1", "HostConfig": {"NetworkMode": NETWORK if address else "none"}}
    if address:
        endpoint = {"IPAMConfig": {"IPv4Address": address}}
        body["NetworkingConfig"] = {"EndpointsConfig": {NETWORK: endpoint}}
    made = str(drill.floor.api.create_container_from_config(body, name)["Id"])
    drill.floor.api.start(made)
    return made


def names(drill: Drill) -> set[str]:
    return {one["Names"][0].lstrip("/") for one in drill.floor.api.containers(all=True)}


def test_an_address_that_a_stranger_took_is_waited_for(drill: Drill) -> None:
    told = drill.meddle(FIXED, START, lambda: stranger(drill, "stranger", ADDRESS))
    state, reason, _ = told["results"]["app"]
    assert state == "failed"
    assert "ddress already in use" in reason
    assert told["open"]
    drill.floor.api.remove_container("stranger", force=True)
    told = drill.look()
    assert told["results"]["app"][0] == "rolled_back"
    assert not told["open"]
    assert not drill.floor.troubles(FIXED)


def test_a_name_that_somebody_took_is_left_to_them(drill: Drill) -> None:
    made: list[str] = []
    told = drill.meddle(PLAIN, NEW_NAME, lambda: made.append(stranger(drill, "app")))
    state, reason, _ = told["results"]["app"]
    assert (state, told["open"]) == ("failed", [])
    assert "Somebody made another container named app meanwhile" in reason
    assert drill.floor.api.inspect_container("app")["Id"] == made[0]
    assert len(names(drill)) == 2
    (aside,) = names(drill) - {"app"}
    assert drill.floor.api.inspect_container(aside)["Image"] == drill.floor.ids["drill:1"]


def test_an_image_that_was_removed_after_the_pull_leaves_the_old_one_running(drill: Drill) -> None:
    def remove() -> None:
        for name in ("drill:latest", "drill:2"):
            drill.floor.api.remove_image(name, force=True)

    try:
        told = drill.meddle(PLAIN, CREATE, remove)
    finally:
        drill.floor.load("drill", "2")
    state, reason, _ = told["results"]["app"]
    assert (state, told["open"]) == ("failed", [])
    assert "No such image" in reason
    assert not drill.floor.troubles(PLAIN)


def test_a_network_that_is_gone_is_told_and_the_old_one_kept(drill: Drill) -> None:
    def remove() -> None:
        drill.floor.api.remove_network(NETWORK)

    try:
        told = drill.meddle(FIXED, START, remove)
    finally:
        drill.floor.connect()
    state, reason, _ = told["results"]["app"]
    assert state == "failed"
    assert NETWORK in reason or "network" in reason
    assert names(drill) == {"app"}
    assert drill.floor.api.inspect_container("app")["Image"] == drill.floor.ids["drill:1"]


def test_an_old_one_that_somebody_removed_is_replaced_all_the_same(drill: Drill) -> None:
    def remove() -> None:
        old = next(
            one for one in names(drill) if one.startswith("app-watchweb-") and "-new-" not in one
        )
        drill.floor.api.remove_container(old, force=True)

    told = drill.meddle(PLAIN, NEW_NAME, remove)
    assert told["results"]["app"][0] == "updated"
    assert not drill.floor.troubles(PLAIN)
