"""Two Watchwebs, each with its own database, on one engine: one container of each name, no loss."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.installation import Installation
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Stage, result
from updates.models import Replacement

pytestmark = [pytest.mark.slow]
# It takes its time to stop: so long the new one waits for it, under its temporary name.
SLOW = ("/bin/sh", "-c", "trap 'sleep 7; exit 0' TERM; while :; do sleep 1; done")


@dataclass(frozen=True, slots=True)
class Both:
    """One that works in a process of its own, and the stage, which comes upon what it does."""

    other: Installation
    stage: Stage
    registry: LabRegistry

    def begin(self, **config: Any) -> None:
        """app on version 1, with data; version 2 is in the registry."""
        image = self.stage.fetch(self.registry, "two/app", ImageSpec(version="1", cmd=SLOW))
        host = {"Binds": ["two-data:/data"]} | config
        self.stage.create(image, "app", HostConfig=host)
        self.stage.output("app", "echo kept > /data/it")
        self.registry.push("two/app", "1", ImageSpec(version="2"))

    def meet(self, is_time: Callable[[], bool], seconds: int) -> tuple[Json, Json]:
        """(what the stage says of an update then, what the other one says of its own)"""
        argv = self.other.argv("update", "--json", "--gate-seconds", str(seconds))
        with subprocess.Popen(argv, env=self.other.env, stdout=subprocess.PIPE) as process:
            end = time.monotonic() + 60
            while not is_time():
                assert time.monotonic() < end, "the other one came to nothing"
                time.sleep(0.05)
            mine = self.stage.update(gate_seconds=0, include_stopped=True)
            assert process.poll() is None, "it was over too soon"
            out, _ = process.communicate(timeout=120)
        return mine, json.loads(out)

    def waits(self) -> bool:
        return any("-watchweb-new-" in name for name in self.stage.names())

    def watches(self) -> bool:
        found = [one for one in self.stage.api.containers() if one["Names"] == ["/app"]]
        versions = [one["Labels"]["org.opencontainers.image.version"] for one in found]
        return versions == ["2"]

    def check_one_is_there(self, version: str) -> None:
        assert self.stage.names() == ["app"]
        assert self.stage.inspect("app")["State"]["Running"]
        assert self.stage.output("app", "cat /data/it; cat /version") == f"kept\n{version}"
        assert not Replacement.objects.filter(closed_at=None).exists()


@pytest.fixture
def both(stage: Stage, lab_registry: LabRegistry, tmp_path: Path) -> Both:
    stage.trust(lab_registry)
    other = Installation(tmp_path)
    other.begin()
    other.manage("addhost", "lab", stage.engine.url)
    other.trust(lab_registry)
    return Both(other, stage, lab_registry)


def test_what_the_other_one_is_about_to_replace_is_left_alone(both: Both) -> None:
    """The new one waits under its temporary name while the old one stops."""
    both.begin()
    mine, theirs = both.meet(both.waits, 0)
    assert result(mine, "app")["state"] == "skipped"
    assert "another Watchweb is at work on it" in result(mine, "app")["reason"]
    assert result(theirs, "app")["state"] == "updated"
    both.check_one_is_there("2")


@pytest.mark.parametrize("config", [{}, {"AutoRemove": True}], ids=["plain", "rm"])
def test_what_the_other_one_watches_is_left_alone(config: dict[str, Any], both: Both) -> None:
    """The old one is kept aside, stopped, until the new one has passed its gate."""
    both.begin(**config)
    mine, theirs = both.meet(both.watches, 6)
    states = {one["name"]: one["state"] for one in mine["containers"]}
    assert states.pop("app") == "fresh"
    assert set(states.values()) <= {"skipped"}
    assert result(theirs, "app")["state"] == "updated"
    both.check_one_is_there("2")
