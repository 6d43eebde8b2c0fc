"""Containers on the lab's engine, made and recreated the way a replacement does it."""

import uuid
from typing import Any

import docker

from tests.engine.images import WAIT_FOR_TERM, load_image
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.losses import losses
from updates.engine.spec import CreateBody, create_body

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


class Bench:
    """A fresh set of names on the lab's engine, and the means to make and remove things there."""

    def __init__(self, url: str) -> None:
        self.engine = Engine(Endpoint(url))
        self.api = docker.APIClient(base_url=url, version="auto")
        self.prefix = f"t{uuid.uuid4().hex[:8]}"
        self.old, self.new = "engine-bench/app:1", "engine-bench/app:2"
        self._load(self.old, OLD_CONFIG)
        self.new_id = self._load(self.new, NEW_CONFIG)

    def network(self, name: str, subnet: str) -> str:
        pool = {"Driver": "default", "Config": [{"Subnet": subnet}]}
        self.api.create_network(f"{self.prefix}-{name}", driver="bridge", ipam=pool)
        return f"{self.prefix}-{name}"

    def run(self, name: str, **body: Any) -> str:
        host = {"NetworkMode": "none"} | body.pop("HostConfig", {})
        body = {"Image": self.old, "HostConfig": host} | body
        made = str(self.api.create_container_from_config(body, f"{self.prefix}-{name}")["Id"])
        self._check_for_losses(made, CreateBody(body))
        self.api.start(made)
        return made

    def recreate(self, old_id: str, image: str, **more: Any) -> str:
        """Replace a container by its twin from `image`, as the flow does."""
        old = self.engine.inspect_container(old_id)
        old_image = self.engine.inspect_image(old["Image"])
        version = self.engine.info.api_version
        body = create_body(old, old_image, image=image, api_version=version, **more)
        name = old["Name"].lstrip("/")
        new_id = self.engine.create(f"{name}-new", body)
        self._check_for_losses(new_id, body)
        self.engine.set_restart_policy(old_id, {"Name": "no"})
        self.engine.stop(old_id, signal=None, timeout_s=5)
        self.engine.rename(old_id, f"{name}-old")
        self.engine.rename(new_id, name)
        self.engine.start(new_id)
        return new_id

    def close(self) -> None:
        self.engine.close()
        self.api.close()

    def _check_for_losses(self, container: str, body: CreateBody) -> None:
        """Whatever a test asks an engine for, none of it may be taken for lost."""
        assert losses(body, self.engine.inspect_container(container)) == ()

    def _load(self, name: str, config: dict[str, Any]) -> str:
        """Load an image once for all tests; its id."""
        try:
            return str(self.api.inspect_image(name)["Id"])
        except docker.errors.ImageNotFound:
            return load_image(self.api, name, config)


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
