"""A run cancelled in the middle of an update: what belongs together is finished, the rest is not
begun, and a host that waits ends at once."""

import contextlib
import json
from typing import Any

import pytest

from tests.commands.installation import Installation, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Platform, result
from tests.runs.test_databases_lab import TRIGGER
from tests.runs.test_recovery_lab import STEP

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.xdist_group("lab")]
NAMES = ["app-a", "app-b", "app-c"]
CANCEL = """
from updates.models import UpdateRun
from updates.triggers import cancel_run
print(cancel_run(UpdateRun.objects.get(), None))
"""
LOOK = """
import json
from updates.models import Container, Replacement, UpdateRun
from updates.runs.report import report
print(json.dumps(report(UpdateRun.objects.get()) | {
    "open": Replacement.objects.filter(closed_at=None).count(),
    "known": dict(Container.objects.values_list("name", "container_id")),
}))
"""


def look(installation: Installation) -> dict[str, Any]:
    return dict(json.loads(installation.manage("shell", "-v0", "-c", LOOK)))


def test_a_cancelled_run_finishes_what_belongs_together_and_no_more(
    installation: Installation, lab_engine: Dockerd, lab_registry: LabRegistry
) -> None:
    with contextlib.closing(lab_engine.api()) as api:
        platform = Platform(lab_engine, api)
        image = platform.fetch(lab_registry, "cancel/app", ImageSpec(version="1"))
        for name, network in zip(NAMES, ("none", "container:app-a", "none"), strict=True):
            platform.create(image, name, HostConfig={"NetworkMode": network})
        lab_registry.push("cancel/app", "1", ImageSpec(version="2"))
        installation.begin()
        installation.manage("addhost", "lab", lab_engine.url)
        installation.manage("addhost", "far", lab_engine.url, "--queue", "nobody-serves-it")
        installation.trust(lab_registry)
        slow = TRIGGER.replace('"gate_seconds": 0', '"gate_seconds": 8')
        installation.manage("shell", "-v0", "-c", slow)

        with installation.running("qcluster", WATCHWEB_WORKERS="2"):
            is_at_gate = lambda: "gate" in installation.manage("shell", "-v0", "-c", STEP)  # noqa: E731
            wait_until(is_at_gate, 60, "the update did not come to a gate")
            assert installation.manage("shell", "-v0", "-c", CANCEL) == "True\n"
            half = look(installation)
            wait_until(lambda: bool(look(installation)["finished_at"]), 60, "it did not end")

        assert half["state"] == "running"
        assert {one["host"]: one["state"] for one in half["hosts"]} == {
            "far": "cancelled",
            "lab": "running",
        }
        done = look(installation)
        assert (done["state"], done["open"]) == ("cancelled", 0)
        assert {one["error"] for one in done["hosts"]} == {"Cancelled."}
        assert [result(done, name)["state"] for name in NAMES] == ["updated", "updated", "skipped"]
        assert result(done, "app-c")["reason"] == "Cancelled before its turn."
        assert platform.names() == NAMES
        assert [platform.version_in(name) for name in NAMES] == ["2", "2", "1"]
        assert done["known"] == {name: platform.inspect(name)["Id"] for name in NAMES}
        assert not any(one["host"] == "far" for one in done["containers"])
