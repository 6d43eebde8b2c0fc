"""A real registry tells of a push, and what runs the image is checked, or updated, in seconds."""

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.fixtures import need
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.lab.registry import Endpoint, Registry
from tests.runs.stage import Platform

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.xdist_group("lab")]
SECRET = "s3cret-of-the-webhook"
MAKE = f"""
from updates.models import Webhook
print(Webhook.objects.create(name="lab", kind="distribution", secret="{SECRET}").path)
"""
LET_UPDATE = "from updates.models import Webhook; Webhook.objects.update(action='update')"
LOOK = """
import json
from updates.models import Container, UpdateRun, WebhookDelivery
print(json.dumps({
    "deliveries": [
        {"outcome": row.outcome, "pushes": row.pushes, "at": row.received_at.isoformat(),
         "done": row.run.finished_at.isoformat() if row.run and row.run.finished_at else ""}
        for row in WebhookDelivery.objects.select_related("run").order_by("pk")
    ],
    "runs": [
        [run.kind, run.trigger, run.state, run.parameters().names]
        for run in UpdateRun.objects.filter(trigger="webhook").order_by("pk")
    ],
    "status": dict(Container.objects.values_list("name", "status")),
}))
"""


class Site:
    """An installation that runs, and a registry that tells it of pushes."""

    def __init__(
        self, installation: Installation, registry: Registry, bind: str, path: str
    ) -> None:
        self.installation = installation
        self.registry = registry
        self.bind = bind
        self.path = path

    def shell(self, code: str) -> str:
        return self.installation.manage("shell", "-v0", "-c", code)

    def look(self) -> dict[str, Any]:
        return dict(json.loads(self.shell(LOOK)))

    def seen_run(self, number: int) -> bool:
        runs = self.look()["runs"]
        return len(runs) >= number and runs[-1][2] not in ("queued", "running")

    def status_of(self, address: str) -> int:
        request = urllib.request.Request(f"http://{self.bind}{address}", data=b"{", method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def site(installation: Installation, lab_engine: Dockerd, tmp_path: Path) -> Iterator[Site]:
    need("registry")
    bind = f"127.0.0.1:{free_port()}"
    installation.begin()
    installation.manage("addhost", "lab", lab_engine.url)
    path = installation.manage("shell", "-v0", "-c", MAKE).strip()
    registry = Registry(
        tmp_path / "registry", tells=Endpoint(f"http://{bind}{path}", f"Bearer {SECRET}")
    )
    with contextlib.ExitStack() as stack:
        stack.enter_context(installation.running("up", "--bind", bind, "--workers", "2"))
        wait_until(lambda: answers(bind), 60, "the web server did not start")
        stack.callback(registry.stop)
        registry.start()
        installation.trust(registry)
        yield Site(installation, registry, bind, path)


def seconds(delivery: dict[str, str]) -> float:
    """From the delivery to the end of its run."""
    began, ended = (datetime.fromisoformat(delivery[name]) for name in ("at", "done"))
    return (ended - began).total_seconds()


def test_a_push_is_checked_and_then_updated_within_seconds(site: Site, lab_engine: Dockerd) -> None:
    with contextlib.closing(lab_engine.api()) as api:
        platform = Platform(lab_engine, api)
        for name in ("app", "other"):
            image = platform.fetch(site.registry, f"push/{name}", ImageSpec(version="1"))
            platform.create(image, name)
        site.installation.document("scan")
        before = len(site.look()["runs"])

        site.registry.push("push/app", "1", ImageSpec(version="2"))
        wait_until(lambda: site.seen_run(before + 1), 60, "nothing was checked")

        seen = site.look()
        assert seen["runs"][-1] == ["scan", "webhook", "finished", ["lab/app"]]
        assert seen["status"] == {"app": "update_available", "other": "up_to_date"}
        started = [one for one in seen["deliveries"] if one["done"]]
        assert started[-1]["pushes"] == [f"{site.registry.address}/push/app:1"]
        assert seconds(started[-1]) < 10
        assert platform.version_in("app") == "1", "it was only checked"

        site.shell(LET_UPDATE)
        for tag, version in (("1", "3"), ("latest", "3"), ("3", "3")):
            site.registry.push("push/app", tag, ImageSpec(version=version))
        wait_until(lambda: site.seen_run(before + 2), 60, "nothing was updated")

        seen = site.look()
        assert seen["runs"][-1] == ["update", "webhook", "finished", ["lab/app"]]
        assert len(seen["runs"]) == before + 2
        assert platform.version_in("app") == "3"

    for address in ("/hooks/nobody/", site.path):
        assert site.status_of(f"{address}?secret={SECRET}") in (404, 401)
    said = site.installation.said.read_text()
    assert "/hooks/nobody/" in said
    assert SECRET not in said
