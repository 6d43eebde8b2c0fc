"""The same course on both databases: commands, a cluster, a run in the background."""

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commands.installation import Installation, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result

TRIGGER = """
from updates.flow.session import Kind, Params
from updates.models import Host, UpdateRun
from updates.triggers import trigger_run
params = Params(kind=Kind.UPDATE, gate_seconds=0)
print(trigger_run(Host.objects.all(), params, source=UpdateRun.Trigger.PAGE).pk)
"""
REPORT = """
import json
from updates.models import UpdateRun
from updates.runs.report import report
print(json.dumps(report(UpdateRun.objects.get(pk={run}))))
"""
QUEUE = """
from django_q.models import OrmQ, Success
print(OrmQ.objects.count(), Success.objects.count())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "sqlite":
        yield Installation(tmp_path)
        return
    server = request.getfixturevalue("lab_postgres")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE course")
    yield Installation(tmp_path, re.sub(r"/postgres$", "/course", server.url))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE course WITH (FORCE)")


def test_commands_and_cluster_update_containers(
    installation: Installation, lab_engine: Dockerd, lab_registry_token: LabRegistry
) -> None:
    with contextlib.closing(lab_engine.api()) as api:
        stage = Stage.__new__(Stage)
        stage.engine, stage.api = lab_engine, api
        image = stage.fetch(lab_registry_token, "course/app", ImageSpec(version="1"))
        stage.create(image, "app")
        installation.manage("migrate", "--verbosity=0")
        installation.manage("addhost", "lab", lab_engine.url)
        installation.trust(lab_registry_token)
        lab_registry_token.push("course/app", "1", ImageSpec(version="2"))

        assert result(installation.document("scan"), "app")["state"] == "stale"
        assert stage.version_in("app") == "1"
        assert result(installation.document("update"), "app")["state"] == "updated"
        assert stage.version_in("app") == "2"

        lab_registry_token.push("course/app", "1", ImageSpec(version="3"))
        run = installation.manage("shell", "-v0", "-c", TRIGGER).strip()
        with installation.running("qcluster", WATCHWEB_WORKERS="2"):
            wait_until(lambda: _is_over(installation, run), 60, "the run in the background ended")
        document = _report(installation, run)
        assert result(document, "app")["state"] == "updated"
        assert (document["state"], document["trigger"]) == ("finished", "page")
        assert stage.version_in("app") == "3"
        assert stage.names() == ["app"]
        queued = installation.manage("shell", "-v0", "-c", QUEUE).split()
        assert queued == ["0", "0"], "nothing is left in the queue, no result is kept"


def _report(installation: Installation, run: str) -> dict[str, object]:
    said = installation.manage("shell", "-v0", "-c", REPORT.format(run=run))
    return dict(json.loads(said))


def _is_over(installation: Installation, run: str) -> bool:
    return _report(installation, run)["finished_at"] is not None
