"""Told to stop in the middle of an update: the container at hand is finished, the rest waits."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.commands.processes import processes_of
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Platform
from tests.runs.test_databases_lab import FOLLOW, TRIGGER
from tests.runs.test_recovery_lab import EXPIRE, STEP, TICK

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.xdist_group("lab")]
NAMES = ["app-a", "app-b", "app-c"]
LOOK = """
import json
from django_q.models import OrmQ
from updates.models import Replacement, RunEvent, UpdateRun
from updates.runs.report import report
run = UpdateRun.objects.order_by("pk").first()
print(json.dumps(report(run) | {
    "queue": OrmQ.objects.count(),
    "open": Replacement.objects.filter(closed_at=None).count(),
    "events": list(RunEvent.objects.values_list("message", flat=True)),
    "calls": run.host_runs.get().engine_calls,
}))
"""


class Fleet:
    """Three containers with an update, on a host that an installation knows."""

    def __init__(
        self, platform: Platform, installation: Installation, registry: LabRegistry
    ) -> None:
        self.platform = platform
        self.installation = installation
        image = platform.fetch(registry, "shutdown/app", ImageSpec(version="1"))
        self.old = {name: platform.create(image, name) for name in NAMES}
        registry.push("shutdown/app", "1", ImageSpec(version="2"))
        installation.begin()
        installation.manage("addhost", "lab", platform.engine.url)
        installation.trust(registry)

    def trigger(self) -> str:
        """Queue an update whose gate takes four seconds; its run's number."""
        slow = TRIGGER.replace('"gate_seconds": 0', '"gate_seconds": 4')
        return self.installation.manage("shell", "-v0", "-c", slow).strip()

    def look(self) -> Json:
        return dict(json.loads(self.installation.manage("shell", "-v0", "-c", LOOK)))

    def is_at_gate(self) -> bool:
        return "gate" in self.installation.manage("shell", "-v0", "-c", STEP)

    def versions(self) -> list[str]:
        assert self.platform.names() == NAMES
        return [self.platform.version_in(name) for name in NAMES]


@pytest.fixture
def fleet(
    lab_engine: Dockerd, installation: Installation, lab_registry: LabRegistry
) -> Iterator[Fleet]:
    with closing(lab_engine.api()) as api:
        yield Fleet(Platform(lab_engine, api), installation, lab_registry)


@pytest.fixture
def small_fleet(lab_engine: Dockerd, tmp_path: Path, lab_registry: LabRegistry) -> Iterator[Fleet]:
    with closing(lab_engine.api()) as api:
        yield Fleet(Platform(lab_engine, api), Installation(tmp_path), lab_registry)


def states(document: Json) -> dict[str, str]:
    """Each container's state; the test fails if one is in the report twice."""
    names = [one["name"] for one in document["containers"]]
    assert len(names) == len(set(names)), document
    return {one["name"]: one["state"] for one in document["containers"]}


def test_a_cluster_finishes_the_container_at_hand_and_the_next_one_the_rest(fleet: Fleet) -> None:
    run = fleet.trigger()
    with fleet.installation.running("qcluster", WATCHWEB_WORKERS="2") as cluster:
        wait_until(fleet.is_at_gate, 60, "the update did not come to a gate")
        cluster.send_signal(signal.SIGTERM)
        assert cluster.wait(20) == 0
    half = fleet.look()
    assert (half["state"], half["hosts"][0]["state"]) == ("running", "queued")
    assert states(half) == {"app-a": "updated"}
    assert (half["queue"], half["open"]) == (1, 0)
    assert half["events"][-1].startswith("The worker was told to stop.")
    assert fleet.versions() == ["2", "1", "1"]
    assert not processes_of(fleet.installation.data)

    with fleet.installation.running("qcluster", WATCHWEB_WORKERS="2"):
        follow = FOLLOW.format(run=run)
        done = json.loads(fleet.installation.manage("shell", "-v0", "-c", follow))

    assert (done["state"], done["queue"]) == ("finished", [0, 0])
    assert states(done) == dict.fromkeys(NAMES, "updated")
    assert {one["id"] for one in done["containers"]} == set(fleet.old.values())
    assert fleet.versions() == ["2", "2", "2"]
    assert fleet.look()["calls"] > half["calls"] > 0


def test_a_second_sigterm_ends_up_at_once_and_recovery_puts_it_right(small_fleet: Fleet) -> None:
    installation, bind = small_fleet.installation, f"127.0.0.1:{free_port()}"
    small_fleet.trigger()
    with installation.running("up", "--bind", bind, "--workers", "2") as up:
        wait_until(lambda: answers(bind), 60, "it answers")
        wait_until(small_fleet.is_at_gate, 60, "the update did not come to a gate")
        up.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert up.poll() is None, "it finishes the container at hand"
        up.send_signal(signal.SIGTERM)
        began = time.monotonic()
        up.wait(10)
    assert time.monotonic() - began < 2
    assert not processes_of(installation.data)
    assert small_fleet.look()["open"] == 1

    installation.manage("shell", "-v0", "-c", EXPIRE)
    installation.manage("shell", "-v0", "-c", TICK)
    installation.document("scan")

    half = small_fleet.look()
    assert (half["state"], half["open"]) == ("interrupted", 0)
    assert states(half) == {"app-a": "rolled_back", "app-b": "skipped", "app-c": "skipped"}
    assert small_fleet.versions() == ["1", "1", "1"]
    assert small_fleet.platform.inspect("app-a")["Id"] == small_fleet.old["app-a"]


def test_a_bound_ends_a_cluster_that_does_not_come_to_an_end(small_fleet: Fleet) -> None:
    small_fleet.trigger()
    env = {"WATCHWEB_WORKERS": "2", "WATCHWEB_SHUTDOWN_SECONDS": "1"}
    with small_fleet.installation.running("qcluster", **env) as cluster:
        wait_until(small_fleet.is_at_gate, 60, "the update did not come to a gate")
        cluster.send_signal(signal.SIGTERM)
        assert cluster.wait(3) == 1
    assert not processes_of(small_fleet.installation.data)
    assert small_fleet.look()["open"] == 1


def test_a_command_finishes_the_container_at_hand_and_skips_the_rest(small_fleet: Fleet) -> None:
    with started(small_fleet.installation) as process:
        wait_until(small_fleet.is_at_gate, 60, "the update did not come to a gate")
        process.send_signal(signal.SIGTERM)
        said, complaint = process.communicate(timeout=20)

    document = json.loads(said)
    assert (process.returncode, document["state"]) == (1, "interrupted")
    assert states(document) == {"app-a": "updated", "app-b": "skipped", "app-c": "skipped"}
    reason = document["containers"][1]["reason"]
    assert reason == "The run ended before it: It was told to stop."
    assert "a container at hand is finished first" in complaint
    assert small_fleet.versions() == ["2", "1", "1"]


def test_a_second_ctrl_c_ends_a_command_at_once(small_fleet: Fleet) -> None:
    with started(small_fleet.installation) as process:
        wait_until(small_fleet.is_at_gate, 60, "the update did not come to a gate")
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(2) == -signal.SIGINT
    assert small_fleet.look()["open"] == 1


def started(installation: Installation) -> subprocess.Popen[str]:
    return subprocess.Popen(
        installation.argv("update", "--json", "--gate-seconds", "4"),
        env=installation.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
