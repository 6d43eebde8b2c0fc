"""The client against a real engine: what it recreates is what was there."""

import time
import uuid
from collections.abc import Iterator
from typing import Any, Protocol

import docker
import pytest

from tests.engine.images import WAIT_FOR_TERM, load_image
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.spec import CreateBody, create_body

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]

PATH = "PATH=/bin"
OLD_CONFIG = {
    "Cmd": WAIT_FOR_TERM,
    "Env": [PATH, "A=1", "B=1"],
    "Labels": {"version": "1"},
    "Volumes": {"/image-volume": {}},
    "ExposedPorts": {"80/tcp": {}},
    "WorkingDir": "/bin",
    "StopSignal": "SIGTERM",
    "Healthcheck": {"Test": ["CMD", "test", "-f", "/version"], "Interval": 1_000_000_000},
}
NEW_CONFIG = {
    "Cmd": WAIT_FOR_TERM,
    "Env": [PATH, "A=2", "C=2"],
    "Labels": {"version": "2"},
    "Volumes": {"/image-volume": {}, "/new-volume": {}},
    "ExposedPorts": {"81/tcp": {}},
    "WorkingDir": "/",
    "StopSignal": "SIGINT",
    "Healthcheck": {"Test": ["CMD", "test", "-f", "/bin/sh"], "Interval": 2_000_000_000},
}
# A host's own limits may forbid a memory limit without swap: these are plain ones.
HOST_CONFIG = {
    "Memory": 64 << 20,
    "CpuPeriod": 100_000,
    "CpuQuota": 50_000,
    "PidsLimit": 50,
    "Ulimits": [{"Name": "nofile", "Soft": 100, "Hard": 200}],
    "CapAdd": ["NET_ADMIN"],
    "CapDrop": ["MKNOD"],
    "SecurityOpt": ["no-new-privileges"],
    "Sysctls": {"net.ipv4.ip_forward": "1"},
    "Tmpfs": {"/scratch": "size=1m"},
    "ShmSize": 1 << 20,
    "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}},
    "Init": True,
    "ExtraHosts": ["other:192.0.2.4"],
    "Dns": ["192.0.2.53"],
    "DnsSearch": ["x.test"],
    "GroupAdd": ["5"],
    "OomScoreAdj": 100,
    "RestartPolicy": {"Name": "unless-stopped"},
    "Devices": [
        {"PathOnHost": "/dev/null", "PathInContainer": "/dev/nil", "CgroupPermissions": "rwm"}
    ],
}


class RunningEngine(Protocol):
    """What the lab gives."""

    url: str


class Bench:
    """A fresh set of names on the lab's engine, and the means to make and remove things there."""

    def __init__(self, url: str) -> None:
        self.engine = Engine(Endpoint(url))
        self.api = docker.APIClient(base_url=url, version="auto")
        self.prefix = f"t{uuid.uuid4().hex[:8]}"
        self.old = f"{self.prefix}/app:1"
        self.new = f"{self.prefix}/app:2"
        self.new_id = ""

    def load_images(self) -> None:
        load_image(self.api, self.old, OLD_CONFIG)
        self.new_id = load_image(self.api, self.new, NEW_CONFIG)

    def network(self, name: str, subnet: str) -> str:
        pool = {"Driver": "default", "Config": [{"Subnet": subnet}]}
        self.api.create_network(f"{self.prefix}-{name}", driver="bridge", ipam=pool)
        return f"{self.prefix}-{name}"

    def run(self, name: str, **body: Any) -> str:
        host = {"NetworkMode": "none"} | body.pop("HostConfig", {})
        body = {"Image": self.old, "HostConfig": host} | body
        made = self.api.create_container_from_config(body, f"{self.prefix}-{name}")
        self.api.start(made["Id"])
        return str(made["Id"])

    def recreate(self, old_id: str, image: str, **more: Any) -> str:
        """Replace a container by its twin from `image`, as the flow does."""
        old = self.engine.inspect_container(old_id)
        old_image = self.engine.inspect_image(old["Image"])
        version = self.engine.info.api_version
        body = create_body(old, old_image, image=image, api_version=version, **more)
        name = old["Name"].lstrip("/")
        new_id = self.engine.create(f"{name}-new", body)
        self.engine.set_restart_policy(old_id, {"Name": "no"})
        self.engine.stop(old_id, signal=None, timeout_s=5)
        self.engine.rename(old_id, f"{name}-old")
        self.engine.rename(new_id, name)
        self.engine.start(new_id)
        return new_id

    def clear(self) -> None:
        for entry in self.api.containers(all=True):
            if any(name.startswith(f"/{self.prefix}") for name in entry["Names"]):
                self.api.remove_container(entry["Id"], force=True, v=True)
        for network in self.api.networks(names=[self.prefix]):
            self.api.remove_network(network["Id"])
        for image in self.api.images():
            for tag in image["RepoTags"] or []:
                if tag.startswith(self.prefix):
                    self.api.remove_image(tag, force=True)
        self.engine.close()
        self.api.close()


@pytest.fixture
def bench(lab_engine: RunningEngine) -> Iterator[Bench]:
    made = Bench(lab_engine.url)
    try:
        made.load_images()
        yield made
    finally:
        made.clear()


def everything(bench: Bench) -> str:
    """A running container with two networks, each kind of volume and all of HOST_CONFIG."""
    front, back = bench.network("front", "10.213.1.0/24"), bench.network("back", "10.213.2.0/24")
    mine = {"IPAMConfig": {"IPv4Address": "10.213.1.9"}, "Aliases": ["web"]}
    mounts = {
        "NetworkMode": front,
        "Binds": ["/etc:/host-etc:ro", f"{bench.prefix}-named:/named"],
        "Mounts": [{"Type": "volume", "Target": "/mount-volume"}],
    }
    old_id = bench.run(
        "web",
        Env=["B=user", "U=1"],
        Labels={"mine": "x", "com.docker.compose.image": "sha256:old"},
        StopTimeout=3,
        ExposedPorts={"9/tcp": {}},
        Volumes={"/user-volume": {}},
        MacAddress="02:11:22:33:44:55",
        Healthcheck={"Timeout": 3_000_000_000},
        HostConfig=HOST_CONFIG | mounts,
        NetworkingConfig={"EndpointsConfig": {front: mine}},
    )
    bench.api.connect_container_to_network(
        old_id, back, ipv4_address="10.213.2.9", aliases=["backdoor"]
    )
    return old_id


def differences(old: Any, new: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Where two inspect documents differ, by path."""
    if isinstance(old, dict) and isinstance(new, dict):
        found: dict[str, tuple[Any, Any]] = {}
        for key in old.keys() | new.keys():
            found |= differences(old.get(key), new.get(key), f"{path}/{key}")
        return found
    return {path: (old, new)} if old != new else {}


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
    load_image(bench.api, bench.old, OLD_CONFIG | {"Entrypoint": ["/bin/echo"]})
    old_id = bench.run("tool", Entrypoint=[""], Cmd=WAIT_FOR_TERM)
    new_id = bench.recreate(old_id, bench.old)
    assert bench.engine.inspect_container(new_id)["Path"] == WAIT_FOR_TERM[0]


def test_a_dependant_moves_to_the_new_network_and_volumes(bench: Bench) -> None:
    net = bench.network("net", "10.213.3.0/24")
    parent = bench.run("vpn", HostConfig={"NetworkMode": net})
    shared = {
        "NetworkMode": f"container:{parent}",
        "IpcMode": "private",
        "PidMode": f"container:{parent}",
        "VolumesFrom": [f"{bench.prefix}-vpn:ro"],
    }
    child = bench.run("app", HostConfig=shared)
    new_parent = bench.recreate(parent, bench.new)
    new_child = bench.recreate(child, bench.new, new_ids={parent: new_parent})
    host = bench.engine.inspect_container(new_child)["HostConfig"]
    assert host["NetworkMode"] == host["PidMode"] == f"container:{new_parent}"


@pytest.mark.parametrize("mode", ["host", "none", "default"])
def test_a_container_without_a_network_of_its_own_comes_back(bench: Bench, mode: str) -> None:
    old_id = bench.run("plain", HostConfig={"NetworkMode": mode})
    new_id = bench.recreate(old_id, bench.new)
    new = bench.engine.inspect_container(new_id)
    assert new["HostConfig"]["NetworkMode"] == mode
    assert new["State"]["Running"]


def test_a_refused_connect_leaves_nothing(bench: Bench) -> None:
    net = bench.network("net", "10.213.4.0/24")
    body = {"Image": bench.new, "HostConfig": {"NetworkMode": net}}
    with pytest.raises(errors.EngineRefused, match="host network"):
        bench.engine.create(f"{bench.prefix}-new", CreateBody(body, {"host": {}}))
    names = [one.name for one in bench.engine.containers()]
    assert f"{bench.prefix}-new" not in names


def test_the_list_says_what_an_inspect_would(bench: Bench) -> None:
    old_id = everything(bench)
    calls = bench.engine.calls.total()
    listed = next(one for one in bench.engine.containers() if one.id == old_id)
    images = {one.id: one for one in bench.engine.images()}
    assert bench.engine.calls.total() <= calls + 3
    assert (listed.name, listed.image, listed.state) == (
        f"{bench.prefix}-web",
        bench.old,
        "running",
    )
    assert listed.networks == (f"{bench.prefix}-back", f"{bench.prefix}-front")
    assert listed.health in ("starting", "healthy")
    assert listed.labels["mine"] == "x"
    assert bench.old in images[listed.image_id].repo_tags


def test_a_name_that_is_taken_is_a_conflict(bench: Bench) -> None:
    one, _ = bench.run("one"), bench.run("two")
    with pytest.raises(errors.EngineConflict, match="already in use"):
        bench.engine.rename(one, f"{bench.prefix}-two")


@pytest.mark.parametrize("signal", [None, "SIGUSR1"])
def test_a_stop_with_a_signal_ends_at_once(bench: Bench, signal: str | None) -> None:
    one = bench.run("one", Image=bench.old)
    started = time.monotonic()
    bench.engine.stop(one, signal=signal, timeout_s=10)
    assert time.monotonic() - started < 5
    state = bench.engine.inspect_container(one)["State"]
    assert (state["Running"], state["ExitCode"]) == (False, 0)
    bench.engine.stop(one, signal=signal, timeout_s=10)


def test_a_container_deaf_to_the_signal_is_ended_by_force(bench: Bench) -> None:
    deaf = ["/bin/sh", "-c", "trap '' USR1; while :; do sleep 0.05; done"]
    one = bench.run("one", Cmd=deaf)
    bench.engine.stop(one, signal="SIGUSR1", timeout_s=1)
    assert not bench.engine.inspect_container(one)["State"]["Running"]


def test_a_commands_exit_code_and_both_streams_come_back(bench: Bench) -> None:
    one = bench.run("one")
    script = "echo out; echo err >&2; echo $HOOK; exit 75"
    result = bench.engine.exec(
        one, ["sh", "-c", script], timeout_s=5, user="1", environment={"HOOK": "pre"}
    )
    assert result.exit_code == 75
    assert sorted(result.output.split()) == ["err", "out", "pre"]


def test_a_command_that_hangs_is_given_up(bench: Bench) -> None:
    one = bench.run("one")
    started = time.monotonic()
    with pytest.raises(errors.ExecTimedOut):
        bench.engine.exec(one, ["sleep", "30"], timeout_s=0.5)
    assert time.monotonic() - started < 3


def test_a_pull_of_what_is_not_there_says_so(bench: Bench) -> None:
    with pytest.raises(errors.EngineError) as caught:
        bench.engine.pull(
            "127.0.0.1:9/shop/web", tag="1", auth=None, on_progress=print, deadline_s=20
        )
    assert "connection refused" in str(caught.value)


def test_logs_end_with_the_last_lines(bench: Bench) -> None:
    one = bench.run("one", Cmd=["/bin/sh", "-c", "echo first; echo last; exec sleep 60"])
    deadline = time.monotonic() + 5
    while not (text := bench.engine.logs(one, tail=1)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert text == "last\n"


def test_many_calls_use_one_socket(bench: Bench) -> None:
    one = bench.run("one")
    for _ in range(20):
        bench.engine.inspect_container(one)
    session: Any = bench.engine._session
    assert session.get_adapter(session.base_url)._pool.num_connections == 1
