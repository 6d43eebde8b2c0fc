"""A worker killed in the middle of a replacement: the next run on its host puts it right."""

import io
import json
import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests.commands.installation import Installation, wait_until
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage
from updates.flow.session import Kind, Params
from updates.models import ContainerResult, Host, HostRun, Replacement, UpdateRun
from updates.tasks import run_host, tick
from updates.triggers import trigger_run

pytestmark = [pytest.mark.slow]

EXPIRE = (
    "from updates.models import HostRun; HostRun.objects.update(lease_until='2020-01-01T00:00Z')"
)
TICK = "from updates.tasks import tick; tick.call()"
STEP = "from updates.models import Replacement; r = Replacement.objects.last(); print(r and r.step)"


def test_the_old_container_is_back_after_a_kill_at_the_gate(
    stage: Stage, lab_registry: LabRegistry, tmp_path: Path
) -> None:
    image = stage.fetch(lab_registry, "killed/app", ImageSpec(version="1"))
    policy = {"RestartPolicy": {"Name": "unless-stopped"}}
    old = stage.create(image, "app", HostConfig=policy)
    lab_registry.push("killed/app", "1", ImageSpec(version="2"))
    installation = Installation(tmp_path)
    installation.env["WATCHWEB_GATE_SECONDS"] = "60"
    installation.begin()
    installation.manage("addhost", "lab", stage.engine.url)
    installation.trust(lab_registry)

    _kill_when(installation, lambda: "gate" in installation.manage("shell", "-v0", "-c", STEP))
    assert stage.version_in("app") == "2", "killed with the new one in place"
    installation.manage("shell", "-v0", "-c", EXPIRE)
    installation.manage("shell", "-v0", "-c", TICK)
    document = installation.document("scan")

    assert document["state"] == "finished"
    assert stage.names() == ["app"]
    back = stage.inspect("app")
    assert back["Id"] == old
    assert back["State"]["Running"]
    assert back["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert stage.version_in("app") == "1"


def _kill_when(installation: Installation, is_so: Callable[[], bool]) -> None:
    process = subprocess.Popen(
        installation.argv("update"),
        env=installation.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(is_so, 60, "the update did not come so far")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _lapsed(stage: Stage) -> HostRun:
    """A host run whose worker died with a replacement open."""
    params = Params(kind=Kind.UPDATE)
    source = UpdateRun.Trigger.PAGE
    run = trigger_run([stage.host], params, source=source, in_background=False)
    part = run.host_runs.get()
    assert HostRun.objects.claim(part.pk, lease=timedelta(seconds=-1))
    Replacement.objects.create(host_run=part, name="app", old_id="o", step="create")
    return part


def test_a_lapsed_host_run_with_an_open_replacement_leads_to_a_scan(stage: Stage) -> None:
    run = _lapsed(stage).run
    tick.call()
    run.refresh_from_db()
    assert run.state == "interrupted"
    assert UpdateRun.objects.latest("pk").kind == "scan"


def test_a_journal_that_makes_no_sense_does_not_stop_the_hosts_runs(stage: Stage) -> None:
    run = UpdateRun.objects.create(kind="update", state="interrupted", trigger="page")
    part = HostRun.objects.create(run=run, host=stage.host, state="interrupted")
    Replacement.objects.create(host_run=part, name="app", old_id="o", step="create")
    assert stage.scan()["state"] == "finished"
    assert Replacement.objects.get().closed_at is None


def test_a_lapsed_run_on_a_disabled_host_leads_to_no_scan(stage: Stage) -> None:
    part = _lapsed(stage)
    Host.objects.update(enabled=False)
    tick.call()
    assert list(UpdateRun.objects.all()) == [part.run]


def _set_aside(stage: Stage, image: str, *, state: str = "interrupted") -> Replacement:
    """A container that its worker left stopped and set aside."""
    old = stage.create(image, "app")
    snapshot = stage.inspect(old)
    stage.api.stop(old, timeout=1)
    stage.api.rename(old, f"app-watchweb-{old[:12]}")
    run = UpdateRun.objects.create(kind="update", state=state, trigger="page")
    part = HostRun.objects.create(run=run, host=stage.host, state=state)
    return Replacement.objects.create(
        host_run=part, name="app", old_id=old, step="swap", snapshot=snapshot
    )


@pytest.mark.parametrize("is_for_this", [True, False], ids=["recovery", "other"])
def test_recover_waits_for_no_worker_to_take_what_is_queued(
    is_for_this: bool, stage: Stage, lab_registry: LabRegistry
) -> None:
    """The cluster is stopped. What it finds in its queue later does no harm."""
    row = _set_aside(stage, stage.fetch(lab_registry, "killed/app", ImageSpec(version="1")))
    if is_for_this:
        tick.call()
        queued = UpdateRun.objects.latest("pk")
    else:
        queued = trigger_run([stage.host], Params(), source=UpdateRun.Trigger.PAGE)
    out = io.StringIO()

    call_command("recover", "--json", stdout=out)  # Exit code 0: it does not raise.

    assert stage.names() == ["app"]
    assert stage.inspect("app")["State"]["Running"]
    row.refresh_from_db()
    assert row.outcome == "rolled_back"
    runs = json.loads(out.getvalue())["runs"]
    assert (queued.pk in runs) is is_for_this
    queued.refresh_from_db()
    assert queued.state == ("finished" if is_for_this else "queued")
    before = stage.inspect("app")
    run_host.call(queued.host_runs.get().pk)
    queued.refresh_from_db()
    assert queued.state == "finished"
    assert stage.inspect("app")["State"] == before["State"]


@pytest.mark.parametrize(("is_own", "state"), [(True, "updated"), (False, "rolled_back")])
def test_a_new_watchweb_that_puts_its_own_update_right_stays(
    is_own: bool,
    state: str,
    stage: Stage,
    lab_registry: LabRegistry,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """Its helper died at the gate. From inside it could not take itself away to the end."""
    image = stage.fetch(lab_registry, "killed/watchweb", ImageSpec(version="1"))
    old = stage.create(image, "watchweb")
    snapshot = stage.inspect(old)
    stage.api.stop(old, timeout=1)
    stage.api.rename(old, f"watchweb-watchweb-{old[:12]}")
    new = stage.create(image, "watchweb")
    run = UpdateRun.objects.create(kind="update", state="interrupted", trigger="page")
    part = HostRun.objects.create(run=run, host=stage.host, state="interrupted")
    row = Replacement.objects.create(
        host_run=part, name="watchweb", old_id=old, new_id=new, step="gate", snapshot=snapshot
    )
    ContainerResult.objects.create(host_run=part, container_id=old, name="watchweb", image=image)
    settings.MOUNTINFO = tmp_path / "mountinfo"
    folder = f"/containers/{new if is_own else 'f' * 64}"
    settings.MOUNTINFO.write_text(f"9 7 8:1 {folder}/hosts /etc/hosts rw - ext4 a b\n")

    stage.scan()

    row.refresh_from_db()
    assert (row.outcome, row.closed_at is None) == (state, False)
    assert stage.names() == ["watchweb"]
    assert stage.inspect("watchweb")["Id"] == (new if is_own else old)
    assert stage.inspect("watchweb")["State"]["Running"]
    assert ContainerResult.objects.get(host_run=part).state == state
