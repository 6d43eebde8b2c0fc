"""The same course on both databases: commands, a cluster, a run in the background."""

import contextlib
import json
from typing import Any

import pytest

from tests.commands.installation import Installation
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Platform, result

# Queued before any cluster runs; then followed until it is over and its task acknowledged.
TRIGGER = """
from updates.flow.session import Kind, Params
from updates.models import Host, UpdateRun
from updates.triggers import trigger_run
params = Params(kind=Kind.UPDATE, switches={"gate_seconds": 0})
print(trigger_run(Host.objects.all(), params, source=UpdateRun.Trigger.PAGE).pk)
"""
FOLLOW = """
import json, time
from django_q.models import OrmQ, Task
from updates.models import UpdateRun
from updates.runs.report import report
end = time.monotonic() + 60
while time.monotonic() < end:
    run = UpdateRun.objects.get(pk={run})
    if run.finished_at and not OrmQ.objects.exists():
        break
    time.sleep(0.2)
rows = [OrmQ.objects.count(), Task.objects.count()]
print(json.dumps(report(run) | {{"queue": rows}}))
"""


pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_commands_and_cluster_update_containers(
    installation: Installation, lab_engine: Dockerd, lab_registry_token: LabRegistry
) -> None:
    with contextlib.closing(lab_engine.api()) as api:
        platform = Platform(lab_engine, api)
        image = platform.fetch(lab_registry_token, "course/app", ImageSpec(version="1"))
        platform.create(image, "app")
        installation.begin()
        installation.manage("addhost", "lab", lab_engine.url)
        installation.trust(lab_registry_token)
        lab_registry_token.push("course/app", "1", ImageSpec(version="2"))

        assert result(installation.document("scan"), "app")["state"] == "stale"
        assert platform.version_in("app") == "1"
        updated = installation.document("update")
        assert updated["counts"]["updated"] == 1, updated
        assert platform.version_in("app") == "2"

        lab_registry_token.push("course/app", "1", ImageSpec(version="3"))
        document = _run_in_background(installation)

        assert result(document, "app")["state"] == "updated"
        assert (document["state"], document["trigger"]) == ("finished", "page")
        assert platform.version_in("app") == "3"
        assert platform.names() == ["app"]
        assert document["queue"] == [0, 0], "nothing is left in the queue, no result is kept"


def _run_in_background(installation: Installation) -> dict[str, Any]:
    """The report of an update that a cluster carried out."""
    run = installation.manage("shell", "-v0", "-c", TRIGGER).strip()
    with installation.running("qcluster", WATCHWEB_WORKERS="2"):
        said = installation.manage("shell", "-v0", "-c", FOLLOW.format(run=run))
    return dict(json.loads(said))
