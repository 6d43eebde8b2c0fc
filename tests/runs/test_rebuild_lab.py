"""A vanished container made again on a real engine, by a worker that is killed on the way."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.installation import Installation, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Platform
from tests.runs.test_recovery_lab import EXPIRE, TICK

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.xdist_group("lab")]

REBUILD = """
from updates.models import Host, UpdateRun
from updates.runs.execute import execute_host_run
from updates.triggers import trigger_rebuild
run = trigger_rebuild(Host.objects.get(), "app", source=UpdateRun.Trigger.COMMAND)
run.params["switches"]["gate_seconds"] = {seconds}
run.save()
execute_host_run(run.host_runs.get().pk)
"""
STEP = (
    "from updates.models import Replacement; print(Replacement.objects.order_by('pk').last().step)"
)
TOLD = """
import json
from updates.models import ContainerResult, Replacement
row = Replacement.objects.order_by("pk").last()
result = ContainerResult.objects.get(host_run=row.host_run_id, name="app")
print(json.dumps({"outcome": row.outcome, "is_open": row.closed_at is None,
    "state": result.state, "reason": result.reason, "new_id": result.new_id}))
"""


@dataclass(frozen=True, slots=True)
class Ruin:
    """app was updated to version 2, and somebody removed it."""

    platform: Platform
    installation: Installation

    def says(self, code: str) -> str:
        return self.installation.manage("shell", "-v0", "-c", code)

    def rebuild(self, seconds: int = 0) -> None:
        self.says(REBUILD.format(seconds=seconds))

    def killed_at_the_gate(self) -> None:
        argv = self.installation.argv("shell", "-v0", "-c", REBUILD.format(seconds=60))
        with subprocess.Popen(argv, env=self.installation.env) as process:
            try:
                wait_until(lambda: self.says(STEP).strip() == "gate", 40, "it came to no gate")
            finally:
                process.send_signal(signal.SIGKILL)

    def told(self) -> Json:
        return dict(json.loads(self.says(TOLD)))


@pytest.fixture
def ruin(lab_engine: Dockerd, lab_registry: LabRegistry, tmp_path: Path) -> Iterator[Ruin]:
    installation = Installation(tmp_path)
    installation.begin()
    installation.manage("addhost", "lab", lab_engine.url)
    installation.trust(lab_registry)
    with closing(lab_engine.api()) as api:
        platform = Platform(lab_engine, api)
        image = platform.fetch(lab_registry, "ruin/app", ImageSpec(version="1"))
        platform.create(image, "app", HostConfig={"Binds": ["ruin-data:/data"]})
        platform.output("app", "echo kept > /data/it")
        lab_registry.push("ruin/app", "1", ImageSpec(version="2"))
        installation.manage("update", "--gate-seconds", "0")
        api.remove_container("app", force=True)
        installation.manage("scan")
        yield Ruin(platform, installation)


def test_what_a_killed_worker_had_made_is_taken_away_and_can_be_made_again(ruin: Ruin) -> None:
    ruin.killed_at_the_gate()
    assert ruin.platform.names() == ["app"]
    ruin.says(EXPIRE)
    ruin.says(TICK)
    assert ruin.installation.document("scan")["state"] == "finished"

    told = ruin.told()
    assert ruin.platform.names() == []
    assert (told["outcome"], told["state"], told["is_open"]) == ("failed", "failed", False)
    assert told["reason"].endswith("What was made was taken away again.")

    ruin.rebuild()

    told = ruin.told()
    assert (told["outcome"], told["state"]) == ("updated", "restarted")
    assert ruin.platform.names() == ["app"]
    assert ruin.platform.inspect("app")["Id"] == told["new_id"]
    assert ruin.platform.output("app", "cat /data/it; cat /version") == "kept\n2"
