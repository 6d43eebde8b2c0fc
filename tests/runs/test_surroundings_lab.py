"""A port, a network, a volume or an image that the host has not for a container any more."""

import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.drill.points import Side
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.runs.place import STOP, Place
from tests.runs.stage import result
from updates.models import Hold

pytestmark = [pytest.mark.slow]
BRIDGE = "persons"


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
