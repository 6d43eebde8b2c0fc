"""What a person or a stranger does on a real engine in the middle of an update: the record says
so, and nothing is lost."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.drill.points import Point, Side, Source
from tests.drill.wire import After, EngineWire
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Stage, result
from updates.models import Hold, Replacement, UpdateRun
from updates.runs.execute import execute_host_run
from updates.runs.recovery import begin

pytestmark = [pytest.mark.slow]
PULL, CREATE, STOP, ASIDE, NAME, START = range(1, 7)  # The effects of an update, by number.
BRIDGE = "persons"


@dataclass(slots=True)
class Place:
    """An update of app, which somebody meddles with."""

    stage: Stage
    wire: EngineWire
    registry: LabRegistry
    image: str
    old: str = ""
    made: list[str] = field(default_factory=list)

    def create(self, **config: Any) -> None:
        self.old = self.stage.create(self.image, "app", **config)
        self.stage.output("app", "echo kept > /data/it")

    def update(self, number: int, side: Side, deed: Callable[[], object]) -> Json:
        """The result, with the deed done at this effect."""
        if not self.old:
            self.create(HostConfig={"Binds": ["persons-data:/data"]})
        done = []

        def strike() -> After:
            done.append(deed())
            return After.GOES_ON

        self.wire.listen(Point(Source.ENGINE, number, "", side), strike)
        document = self.stage.update()
        assert len(done) == 1, self.wire.names
        return result(document, "app")

    def recover(self) -> Json:
        """One look by hand; the journal's row then."""
        for one in begin(source=UpdateRun.Trigger.COMMAND):
            execute_host_run(one.pk)
        row = Replacement.objects.values("outcome", "closed_at").get()
        return dict(row)

    def recreate(self) -> None:
        """As compose does it: the one of that name goes, another comes."""
        self.stage.api.remove_container("app", force=True)
        self.made.append(self.stage.create(self.image, "app", Env=["MINE=1"]))

    def check_old_one_runs(self) -> None:
        assert self.stage.names() == ["app"]
        assert self.stage.inspect("app")["Id"] == self.old
        assert self.stage.inspect("app")["State"]["Running"]
        assert self.stage.output("app", "cat /data/it; cat /version") == "kept\n1"


@pytest.fixture
def place(stage: Stage, lab_registry: LabRegistry) -> Iterator[Place]:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "persons/app", ImageSpec(version="1"))
    lab_registry.push("persons/app", "1", ImageSpec(version="2"))
    wire = EngineWire(stage.engine.socket, Path(stage.engine.root) / "persons.sock")
    wire.start()
    stage.host.url = wire.url
    stage.host.save()
    try:
        yield Place(stage, wire, lab_registry, image)
    finally:
        wire.stop()
        wire.path.unlink()


# In the pull.


def test_one_that_is_removed_in_the_pull_is_skipped(place: Place) -> None:
    done = place.update(
        PULL, Side.BEFORE, lambda: place.stage.api.remove_container("app", force=True)
    )
    assert (done["state"], done["reason"]) == ("skipped", "It is not there any more.")
    assert place.stage.names() == []


def test_one_that_is_renamed_in_the_pull_is_updated_as_it_is_called_now(place: Place) -> None:
    done = place.update(PULL, Side.BEFORE, lambda: place.stage.api.rename(place.old, "mine"))
    assert done["state"] == "updated"
    assert place.stage.names() == ["mine"]
    assert place.stage.output("mine", "cat /data/it; cat /version") == "kept\n2"


def test_one_that_is_made_anew_in_the_pull_is_left_alone(place: Place) -> None:
    done = place.update(PULL, Side.BEFORE, place.recreate)
    assert done["state"] == "skipped"
    assert place.stage.names() == ["app"]
    assert [place.stage.inspect("app")["Id"]] == place.made


def test_an_image_that_is_removed_after_the_pull_leaves_the_old_one_running(place: Place) -> None:
    def remove() -> None:
        new = place.stage.api.inspect_image(place.image)["Id"]
        place.stage.api.remove_image(new, force=True)

    done = place.update(CREATE, Side.BEFORE, remove)
    assert done["state"] == "failed"
    assert "No such image" in done["reason"]
    assert Replacement.objects.get().outcome == "failed"
    place.check_old_one_runs()


# Before the stop.


def test_one_that_is_renamed_before_the_stop_is_left_alone(place: Place) -> None:
    done = place.update(CREATE, Side.AFTER, lambda: place.stage.api.rename(place.old, "mine"))
    assert done["state"] == "failed"
    assert done["reason"] == "Somebody renamed it to mine meanwhile: it was left alone."
    assert place.stage.names() == ["mine"]
    assert place.stage.inspect("mine")["Id"] == place.old
    assert place.stage.inspect("mine")["State"]["Running"]


def test_one_that_is_made_anew_before_the_stop_is_left_alone(place: Place) -> None:
    done = place.update(CREATE, Side.AFTER, place.recreate)
    assert done["state"] == "failed"
    assert "It was replaced since by something that this record does not know" in done["reason"]
    assert place.stage.names() == ["app"]
    assert [place.stage.inspect("app")["Id"]] == place.made


# At the gate.


def test_a_new_one_that_is_removed_at_the_gate_brings_the_old_one_back(place: Place) -> None:
    done = place.update(
        START, Side.AFTER, lambda: place.stage.api.remove_container("app", force=True)
    )
    assert done["state"] == "rolled_back"
    assert done["reason"] == "Somebody removed the new container meanwhile."
    assert not Hold.objects.exists()
    place.check_old_one_runs()


def test_a_new_one_that_is_renamed_at_the_gate_keeps_that_name(place: Place) -> None:
    done = place.update(START, Side.AFTER, lambda: place.stage.api.rename("app", "mine"))
    assert done["state"] == "updated"
    assert done["reason"] == "Somebody renamed it to mine meanwhile: it keeps that name."
    assert place.stage.names() == ["mine"]
    assert place.stage.output("mine", "cat /data/it; cat /version") == "kept\n2"


def test_another_one_made_at_the_gate_is_left_alone_and_the_old_one_kept(place: Place) -> None:
    done = place.update(START, Side.AFTER, place.recreate)
    assert done["state"] == "failed"
    assert "Somebody made another container named app meanwhile" in done["reason"]
    assert not Hold.objects.exists()
    aside = f"app-watchweb-{place.old[:12]}"
    assert place.stage.names() == ["app", aside]
    assert [place.stage.inspect("app")["Id"]] == place.made
    assert not place.stage.inspect(aside)["State"]["Running"]
    place.registry.push("persons/app", "1", ImageSpec(version="3"))
    again = result(place.stage.update(include_stopped=True), "app")
    assert again["state"] == "updated"
    assert place.stage.names() == ["app", aside], "no run touches what was set aside"


# A port.


def test_a_port_that_a_stranger_took_is_named_and_waited_for(place: Place) -> None:
    port = free_port()
    place.stage.api.create_network(BRIDGE, driver="bridge")
    published = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    place.create(
        ExposedPorts={"80/tcp": {}},
        HostConfig={
            "NetworkMode": BRIDGE,
            "PortBindings": published,
            "Binds": ["persons-data:/data"],
        },
    )
    with closing(socket.socket()) as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        def take() -> None:
            stranger.bind(("127.0.0.1", port))
            stranger.listen()

        done = place.update(STOP, Side.AFTER, take)
        assert done["state"] == "failed"
        assert f"127.0.0.1:{port}: bind: address already in use" in done["reason"]
        assert not Hold.objects.exists(), "it is not the image's fault"
        assert place.stage.names() == ["app"]
        assert place.recover()["outcome"] == ""
    assert place.recover()["outcome"] == "rolled_back"
    place.check_old_one_runs()
    assert result(place.stage.update(), "app")["state"] == "updated"


# A network, a volume.


def test_a_stopped_one_whose_network_is_gone_is_left_alone(place: Place) -> None:
    stage = place.stage
    network = stage.api.create_network(BRIDGE, driver="bridge")["Id"]
    place.create(HostConfig={"NetworkMode": BRIDGE, "Binds": ["persons-data:/data"]})
    stage.api.stop("app", timeout=1)
    stage.api.remove_network(network)
    done = result(stage.update(include_stopped=True), "app")
    assert done["state"] == "failed"
    assert f"Its network {BRIDGE} is not on the host any more." in done["reason"]
    assert stage.names() == ["app"]
    assert stage.inspect("app")["Id"] == place.old


def test_a_volume_that_is_gone_is_told_and_no_empty_one_is_made(place: Place) -> None:
    """Somebody has cleared its folder away; the engine noticed when it was started again."""
    stage = place.stage
    place.create(HostConfig={"Binds": ["persons-data:/data"]})
    stage.api.stop("app", timeout=1)
    shutil.rmtree(stage.engine.root / "data" / "volumes" / "persons-data")
    stage.engine.restart()
    done = result(stage.update(include_stopped=True), "app")
    assert done["state"] == "failed"
    assert "a new container would begin with an empty one" in done["reason"]
    assert stage.inspect("app")["Id"] == place.old
    assert stage.names() == ["app"]
    assert not stage.api.volumes()["Volumes"]


def test_a_volume_whose_driver_fails_brings_the_old_one_back(place: Place, tmp_path: Path) -> None:
    """It is a folder that is not there for a while: recovery waits for it."""
    folder, away = tmp_path / "folder", tmp_path / "away"
    folder.mkdir()
    options = {"type": "none", "o": "bind", "device": str(folder)}
    place.stage.api.create_volume("persons-data", driver="local", driver_opts=options)
    place.create(HostConfig={"Binds": ["persons-data:/data"]})
    done = place.update(STOP, Side.AFTER, lambda: folder.rename(away))
    assert done["state"] == "failed"
    assert "no such file or directory" in done["reason"]
    assert not Hold.objects.exists(), "it is not the image's fault"
    away.rename(folder)
    assert place.recover()["outcome"] == "rolled_back"
    place.check_old_one_runs()


def test_a_rm_container_whose_image_is_gone_comes_back_from_its_registry(place: Place) -> None:
    old = place.stage.api.inspect_image(place.image)["Id"]
    place.registry.push("persons/app", "1", ImageSpec(version="2", cmd=("/bin/sh", "-c", "exit 3")))
    place.create(HostConfig={"AutoRemove": True, "Binds": ["persons-data:/data"]})
    done = place.update(
        STOP + 1, Side.BEFORE, lambda: place.stage.api.remove_image(old, force=True)
    )
    assert done["state"] == "rolled_back"
    assert place.stage.inspect("app")["Image"] == old
    assert place.stage.output("app", "cat /data/it; cat /version") == "kept\n1"
    assert place.stage.names() == ["app"]
