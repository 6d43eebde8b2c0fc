"""A database restored with open journals recovers against the engine as it is."""

import json
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
from tests.runs.test_recovery_lab import EXPIRE, STEP, TICK

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.xdist_group("lab")]
JOURNAL = """
import json
from updates.models import ContainerResult, Replacement
row = Replacement.objects.order_by("pk").first()
result = ContainerResult.objects.filter(host_run=row.host_run_id).get()
print(json.dumps({"outcome": row.outcome, "is_open": row.closed_at is None,
    "state": result.state, "reason": result.reason, "new_id": result.new_id}))
"""
INVENTORY = """
import json
from updates.models import Container
columns = ("name", "container_id", "image_id", "status")
print(json.dumps([list(one) for one in Container.objects.values_list(*columns)]))
"""


@dataclass(frozen=True, slots=True)
class Then:
    """What there was when the backup was made: an update at its gate."""

    platform: Platform
    installation: Installation
    registry: LabRegistry
    file: Path

    def push(self, version: int) -> None:
        self.registry.push("restore/app", "1", ImageSpec(version=str(version)))

    def make(self, **config: object) -> None:
        """Make the container, begin its update, back up at the gate, let the update end."""
        image = self.platform.fetch(self.registry, "restore/app", ImageSpec(version="1"))
        self.platform.create(image, "app", HostConfig=config)
        self.push(2)
        update = self.installation.argv("update", "--json", "--gate-seconds", "15")
        with subprocess.Popen(
            update, env=self.installation.env, stdout=subprocess.DEVNULL
        ) as process:
            wait_until(lambda: self._says(STEP).strip() == "gate", 60, "no gate")
            self.installation.manage("backup", str(self.file))
        assert process.returncode == 0
        assert self.platform.version_in("app") == "2"

    def come_back(self) -> Json:
        """Restore, let the lease run out, and scan; what the journal says then."""
        self.installation.manage("restore", str(self.file))
        assert self.journal()["is_open"]
        self._says(EXPIRE)
        self._says(TICK)
        assert self.installation.document("scan")["state"] == "finished"
        return self.journal()

    def journal(self) -> Json:
        return dict(json.loads(self._says(JOURNAL)))

    def inventory(self) -> list[list[str]]:
        return list(json.loads(self._says(INVENTORY)))

    def _says(self, code: str) -> str:
        return self.installation.manage("shell", "-v0", "-c", code)


@pytest.fixture
def then(lab_engine: Dockerd, lab_registry: LabRegistry, tmp_path: Path) -> Iterator[Then]:
    installation = Installation(tmp_path)
    installation.begin()
    installation.manage("addhost", "lab", lab_engine.url)
    installation.trust(lab_registry)
    with closing(lab_engine.api()) as api:
        yield Then(Platform(lab_engine, api), installation, lab_registry, tmp_path / "backup")


def test_an_update_that_ended_since_is_recorded_as_it_ended(then: Then) -> None:
    then.make()
    there = then.platform.inspect("app")["Id"]

    journal = then.come_back()

    assert (journal["outcome"], journal["state"]) == ("updated", "updated")
    assert (journal["is_open"], journal["new_id"]) == (False, there)
    assert then.platform.names() == ["app"]
    assert then.platform.inspect("app")["Id"] == there
    assert then.platform.version_in("app") == "2"


@pytest.mark.parametrize("config", [{}, {"AutoRemove": True}], ids=["plain", "rm"])
def test_a_container_that_was_updated_again_since_is_left_alone(
    config: dict[str, object], then: Then
) -> None:
    then.make(**config)
    then.push(3)
    then.installation.manage("update", "--gate-seconds", "0")
    there = then.platform.inspect("app")

    journal = then.come_back()

    assert (journal["outcome"], journal["state"], journal["new_id"]) == ("skipped", "skipped", "")
    assert "replaced since by something that this record does not know" in journal["reason"]
    assert then.platform.names() == ["app"]
    assert then.platform.inspect("app")["Id"] == there["Id"]
    assert then.platform.inspect("app")["State"] == there["State"]
    assert then.platform.version_in("app") == "3"
    assert then.inventory() == [["app", there["Id"], there["Image"], "up_to_date"]]


def test_a_container_that_removes_itself_is_not_lost(then: Then) -> None:
    then.make(AutoRemove=True)

    journal = then.come_back()

    assert not journal["is_open"]
    assert then.platform.names() == ["app"]
    expected = {"updated": "2", "rolled_back": "1"}[journal["outcome"]]
    assert then.platform.version_in("app") == expected
