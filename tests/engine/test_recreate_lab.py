"""On a real engine: what comes back is what was there, on the new image."""

import pytest

from tests.engine.bench import NEW_CONFIG, OLD_CONFIG, PATH, Bench, differences, everything
from tests.engine.images import WAIT_FOR_TERM, load_image

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


VOLUME_PATHS = ("/image-volume", "/user-volume", "/mount-volume", "/named")


def test_a_container_with_everything_comes_back_the_same(bench: Bench) -> None:
    old_id = everything(bench)
    old = bench.engine.inspect_container(old_id)
    new_id = bench.recreate(old_id, bench.new, image_id=bench.new_id)
    new = bench.engine.inspect_container(new_id)
    left = {
        path: change
        for key in ("Config", "HostConfig")
        for path, change in differences(old[key], new[key], key).items()
    }
    assert left.pop("HostConfig/Mounts") is not None
    assert left == {
        "Config/Hostname": (old_id[:12], new_id[:12]),
        "Config/Image": (bench.old, bench.new),
        "Config/Env": (["B=user", "U=1", PATH, "A=1"], ["B=user", "U=1", PATH, "A=2", "C=2"]),
        "Config/Labels/version": ("1", "2"),
        "Config/Labels/com.docker.compose.image": ("sha256:old", bench.new_id),
        "Config/ExposedPorts/80/tcp": ({}, None),
        "Config/ExposedPorts/81/tcp": (None, {}),
        "Config/Volumes//new-volume": (None, {}),
        "Config/WorkingDir": ("/bin", "/"),
        "Config/StopSignal": ("SIGTERM", "SIGINT"),
        "Config/Healthcheck/Test": (
            OLD_CONFIG["Healthcheck"]["Test"],  # type: ignore[index]
            NEW_CONFIG["Healthcheck"]["Test"],  # type: ignore[index]
        ),
        "Config/Healthcheck/Interval": (1_000_000_000, 2_000_000_000),
    }


def test_networks_addresses_and_aliases_come_back(bench: Bench) -> None:
    old_id = everything(bench)
    old = bench.engine.inspect_container(old_id)["NetworkSettings"]["Networks"]
    new_id = bench.recreate(old_id, bench.new)
    new = bench.engine.inspect_container(new_id)["NetworkSettings"]["Networks"]
    assert {path.rpartition("/")[2] for path in differences(old, new)} == {"EndpointID", "Aliases"}
    for name, settings in new.items():
        assert set(settings["Aliases"]) == {*old[name]["Aliases"], new_id[:12]} - {old_id[:12]}


def test_the_data_of_every_volume_is_there(bench: Bench) -> None:
    old_id = everything(bench)
    writes = "; ".join(f"echo {path} > {path}/data" for path in VOLUME_PATHS)
    bench.engine.exec(old_id, ["sh", "-c", writes], timeout_s=5)
    new_id = bench.recreate(old_id, bench.new)
    bench.engine.remove(old_id)
    reads = ["cat", *(f"{path}/data" for path in VOLUME_PATHS)]
    result = bench.engine.exec(new_id, reads, timeout_s=5)
    assert result.output.split() == list(VOLUME_PATHS)


def test_recreating_twice_adds_nothing(bench: Bench) -> None:
    first = bench.recreate(everything(bench), bench.old)
    before = bench.engine.inspect_container(first)
    bench.api.remove_container(f"{bench.prefix}-web-old", force=True)
    after = bench.engine.inspect_container(bench.recreate(first, bench.old))
    assert differences(before["HostConfig"], after["HostConfig"]) == {}
    assert set(differences(before["Config"], after["Config"])) == {"/Hostname"}


def test_an_emptied_entrypoint_stays_empty(bench: Bench) -> None:
    name = "engine-bench/tool:1"
    load_image(bench.api, name, OLD_CONFIG | {"Entrypoint": ["/bin/echo"]})
    old_id = bench.run("tool", Image=name, Entrypoint=[""], Cmd=WAIT_FOR_TERM)
    new_id = bench.recreate(old_id, name)
    assert bench.engine.inspect_container(new_id)["Path"] == WAIT_FOR_TERM[0]


def test_a_dependant_moves_to_the_new_network_and_volumes(bench: Bench) -> None:
    net = bench.network("net", "10.213.3.0/24")
    parent = bench.run("vpn", HostConfig={"NetworkMode": net, "IpcMode": "shareable"})
    shared = {
        "NetworkMode": f"container:{parent}",
        "IpcMode": f"container:{parent}",
        "PidMode": f"container:{parent}",
        "VolumesFrom": [f"{bench.prefix}-vpn:ro"],
    }
    child = bench.run("app", HostConfig=shared)
    new_parent = bench.recreate(parent, bench.new)
    new_child = bench.recreate(child, bench.new, new_ids={parent: new_parent})
    host = bench.engine.inspect_container(new_child)["HostConfig"]
    modes = {host[key] for key in ("NetworkMode", "IpcMode", "PidMode")}
    assert modes == {f"container:{new_parent}"}


@pytest.mark.parametrize("mode", ["host", "none", "default"])
def test_a_container_without_a_network_of_its_own_comes_back(bench: Bench, mode: str) -> None:
    old_id = bench.run("plain", HostConfig={"NetworkMode": mode})
    new_id = bench.recreate(old_id, bench.new)
    new = bench.engine.inspect_container(new_id)
    assert new["HostConfig"]["NetworkMode"] == mode
    assert new["State"]["Running"]
