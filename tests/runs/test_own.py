"""Watchweb knows the container it runs in, by what the kernel says of its mounts."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.fakes.engine import FakeEngine
from updates.runs.own import NotRecognised, own_among, own_container, own_container_ids


def runs_in(engine: FakeEngine, name: str, settings: Settings, folder: Path) -> str:
    """Let this process look as if it ran in the container: its layer, and resolv.conf of whose
    network it is in. The container's id."""
    one = engine.named(name)
    owner = engine.named("vpn").id if one.network_parent else one.id
    mounts = folder / "mountinfo"
    mounts.write_text(
        f"75 50 0:39 / / rw - overlay overlay rw,lowerdir=/l/1,upperdir=/layers/{one.id}/diff,"
        f"workdir=/layers/{one.id}/work\n"
        f"91 75 8:1 /var/lib/docker/containers/{owner}/resolv.conf /etc/resolv.conf rw - ext4 a b\n"
    )
    settings.MOUNTINFO = mounts
    return one.id


def test_outside_of_a_container_there_is_none(settings: Settings, tmp_path: Path) -> None:
    for text in ("", "75 50 0:39 / / rw - ext4 /dev/sda1 rw\n"):
        (tmp_path / "mountinfo").write_text(text)
        settings.MOUNTINFO = tmp_path / "mountinfo"
        assert own_container_ids() == set()
    settings.MOUNTINFO = tmp_path / "missing"
    with pytest.raises(NotRecognised, match="does not run in a container here"):
        own_container(FakeEngine())


def test_it_is_found_by_the_folder_that_docker_mounts_from(
    settings: Settings, tmp_path: Path
) -> None:
    engine = FakeEngine()
    engine.run("web", "shop/web:1")
    engine.run("watchweb", "watchweb:1")
    own = runs_in(engine, "watchweb", settings, tmp_path)
    assert own_container_ids() == {own}
    assert own_container(engine).name == "watchweb"
    assert engine.counts()["inspect_container"] == 0, "the list is enough"


@pytest.mark.parametrize(
    "folder",
    ["/var/lib/docker/containers/{}", "/containers/storage/overlay-containers/{}/userdata"],
)
def test_dockers_and_podmans_folders_tell_the_id(
    folder: str, settings: Settings, tmp_path: Path
) -> None:
    settings.MOUNTINFO = tmp_path / "mountinfo"
    mount = f"91 75 0:25 {folder.format('a1' * 32)}/resolv.conf /etc/resolv.conf rw - tmpfs a b\n"
    settings.MOUNTINFO.write_text(mount)
    assert own_container_ids() == {"a1" * 32}


def test_the_shared_memory_of_others_on_the_same_machine_is_not_its_own(
    settings: Settings, tmp_path: Path
) -> None:
    settings.MOUNTINFO = tmp_path / "mountinfo"
    folder = f"/var/lib/docker/containers/{'b2' * 32}/mounts/shm"
    settings.MOUNTINFO.write_text(f"90 22 0:60 / {folder} rw - tmpfs shm rw,size=65536k\n\n")
    assert own_container_ids() == set()


def test_on_another_host_it_is_none(settings: Settings, tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.run("watchweb", "watchweb:1")
    runs_in(engine, "watchweb", settings, tmp_path)
    other = FakeEngine()
    assert own_among(other, other.containers()) == set()
    with pytest.raises(NotRecognised, match="not on this host"):
        own_container(other)


@pytest.mark.parametrize("name", ["vpn", "watchweb", "web"])
def test_in_a_shared_network_its_own_layer_tells_which_it_is(
    name: str, settings: Settings, tmp_path: Path
) -> None:
    engine = FakeEngine()
    vpn = engine.run("vpn", "vpn:1")
    for dependant in ("watchweb", "web"):
        engine.run(dependant, f"{dependant}:1", NetworkMode=f"container:{vpn}")
    own = runs_in(engine, name, settings, tmp_path)
    assert own_among(engine, engine.containers()) == {own}
    assert own_container(engine).name == name


def test_where_nothing_tells_all_that_share_the_network_are_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    engine = FakeEngine()
    engine.omits = "GraphDriver"  # as an engine with a containerd store
    vpn = engine.run("vpn", "vpn:1")
    watchweb = engine.run("watchweb", "watchweb:1", NetworkMode=f"container:{vpn}")
    engine.run("web", "web:1")
    runs_in(engine, "watchweb", settings, tmp_path)
    assert own_among(engine, engine.containers()) == {vpn, watchweb}
    with pytest.raises(NotRecognised, match="cannot tell which one is its"):
        own_container(engine)
