"""The newer engine: it turns old clients away, keeps to itself, and leaves nothing."""

import contextlib
import os
from ipaddress import IPv4Network
from pathlib import Path

import docker
import pytest

from tests.lab import leftovers
from tests.lab.dockerd import Dockerd
from tests.lab.fixtures import need
from tests.lab.newer_dockerd import NewerDockerd
from tests.lab.occupied import occupy
from tests.lab.registry import Registry

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_a_client_below_its_lowest_version_is_refused(lab_engine_newer: NewerDockerd) -> None:
    said = {}
    for version in ("1.41", "1.43", "1.44"):
        api = docker.APIClient(base_url=lab_engine_newer.url, version=version)
        with contextlib.closing(api):
            try:
                said[version] = api.containers()
            except docker.errors.APIError as error:
                said[version] = error.explanation
    assert "client version 1.41 is too old" in said["1.41"]
    assert "Minimum supported API version is 1.44" in said["1.43"]
    assert said["1.44"] == []


def test_a_command_runs_in_the_container_and_not_on_the_machine(
    lab_engine_newer: NewerDockerd, lab_registry: Registry
) -> None:
    occupy(lab_engine_newer, lab_registry)
    with contextlib.closing(lab_engine_newer.api()) as api:
        command = api.exec_create("gone", ["cat", "/version"])["Id"]
        assert api.exec_start(command) == b"1"


def test_networks_of_two_engines_share_no_addresses(
    lab_engine: Dockerd, lab_engine_newer: NewerDockerd
) -> None:
    subnets = []
    for engine in (lab_engine, lab_engine_newer):
        with contextlib.closing(engine.api()) as api:
            made = [api.create_network(name, driver="bridge")["Id"] for name in ("one", "two")]
            found = [api.inspect_network(one)["IPAM"]["Config"][0]["Subnet"] for one in made]
        subnets.append([IPv4Network(subnet) for subnet in found])
    older, newer = subnets
    assert not any(one.overlaps(other) for one in older for other in newer)
    assert all(one.subnet_of(IPv4Network("10.216.0.0/16")) for one in newer)


@pytest.mark.parametrize("crashes", [False, True], ids=["ended", "killed"])
def test_nothing_is_left_of_a_newer_engine(
    lab_root: Path, lab_registry: Registry, crashes: bool
) -> None:
    need("newer dockerd")
    engine = NewerDockerd(lab_root / f"newer-gone-{crashes}")
    try:
        engine.start()
        bridge = occupy(engine, lab_registry)
        used = namespaces(leftovers.processes(engine.root))
        assert {name.partition(":")[0] for name in used} == {"mnt", "net", "pid"}
        assert bridge.exists()
        if crashes:
            engine.kill()
            assert leftovers.processes(engine.root), "a container outlives its engine"
    finally:
        engine.stop()
    assert leftovers.processes(engine.root) == []
    assert leftovers.mounts(engine.root) == []
    assert not bridge.exists()
    everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    assert used & namespaces(everybody) == set()


def namespaces(pids: list[int]) -> set[str]:
    """Those that these processes are in and this one is not, as "mnt:[4026531840]"."""
    return {name for pid in pids for name in _namespaces(pid)} - _namespaces(os.getpid())


def _namespaces(pid: int) -> set[str]:
    """None if it has ended."""
    try:
        return {str(Path(f"/proc/{pid}/ns/{kind}").readlink()) for kind in ("mnt", "net", "pid")}
    except OSError:
        return set()
