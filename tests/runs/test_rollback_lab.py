"""Back to an earlier image on a real engine, and a container made again that vanished."""

from typing import Any

import pytest

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result
from updates.models import Container, Hold, UpdateRun
from updates.runs.execute import execute_host_run
from updates.runs.report import report
from updates.triggers import NothingToDo, trigger_back, trigger_rebuild

pytestmark = [pytest.mark.slow]

COMMAND = UpdateRun.Trigger.COMMAND
SPECS = [ImageSpec(version=str(number)) for number in range(6)]


@pytest.fixture
def updated(stage: Stage, lab_registry: LabRegistry) -> Stage:
    """web was updated from version 1 to 2 to 3; it has a volume."""
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "back/web", SPECS[1])
    policy = {"Name": "unless-stopped"}
    host_config = {"Binds": ["back-data:/data"], "RestartPolicy": policy}
    stage.create(image, "web", HostConfig=host_config, Env=["MINE=1"])
    stage.output("web", "echo kept > /data/it")
    for number in (2, 3):
        lab_registry.push("back/web", "1", SPECS[number])
        assert result(stage.update(), "web")["state"] == "updated"
    return stage


def carried_out(run: UpdateRun) -> dict[str, Any]:
    for host_run in run.host_runs.all():
        execute_host_run(host_run.pk)
    run.refresh_from_db()
    return report(run)


def go_back(stage: Stage, to: str = "", name: str = "web") -> dict[str, Any]:
    run = trigger_back(stage.host, name, to=to, source=COMMAND, in_background=False)
    run.params["switches"]["gate_seconds"] = 1
    run.save()
    return carried_out(run)


def version(stage: Stage) -> str:
    return stage.version_in("web")


def test_it_goes_back_step_by_step_is_held_and_goes_on_when_released(updated: Stage) -> None:
    stage = updated
    document = go_back(stage)
    done = result(document, "web")
    assert (done["state"], document["counts"]["updated"]) == ("updated", 1)
    assert (version(stage), done["old_version"], done["new_version"]) == ("2", "3", "2")
    assert stage.output("web", "cat /data/it; echo $MINE; echo $VERSION") == "kept\n1\n2"
    assert stage.names() == ["web"]
    assert stage.inspect("web")["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    row = Container.objects.get()
    assert row.image.endswith("/back/web:1")
    assert (row.has_update, row.local_digest) == (True, done["new_digest"])

    held = result(stage.update(), "web")
    assert held["state"] == "stale"
    assert "the container is held. It went back to version 2 (sha256:" in held["reason"]
    assert version(stage) == "2"

    assert result(go_back(stage), "web")["new_version"] == "1"
    assert version(stage) == "1"
    with pytest.raises(NothingToDo, match=r"before this one\. It had: sha256:"):
        go_back(stage)

    Hold.objects.get().delete()
    assert result(stage.update(), "web")["state"] == "updated"
    assert version(stage) == "3"
    assert stage.inspect("web")["Config"]["Image"].endswith("/back/web:1")


def test_an_image_that_is_gone_is_pulled_by_its_digest(
    updated: Stage, lab_registry: LabRegistry
) -> None:
    stage = updated
    first = lab_registry.push("back/web", "first", SPECS[1])
    for image in stage.api.images(all=True):
        if stage.inspect("web")["Image"] != image["Id"]:
            stage.api.remove_image(image["Id"], force=True)

    done = result(go_back(stage, to=first), "web")

    assert (done["state"], done["new_digest"]) == ("updated", first)
    assert version(stage) == "1"
    assert result(stage.update(), "web")["state"] == "stale"
    present = result(go_back(stage, to=done["old_digest"][:20]), "web")
    assert present["new_version"] == "3"
    assert version(stage) == "3"


def test_an_image_that_nobody_has_leaves_the_present_one_as_it_is(
    updated: Stage, lab_registry: LabRegistry
) -> None:
    stage = updated
    before = stage.inspect("web")
    old = result(go_back(stage), "web")
    assert old["new_version"] == "2"
    go_back(stage, to=old["old_digest"])
    Hold.objects.all().delete()
    now = stage.inspect("web")
    for image in stage.api.images(all=True):
        if now["Image"] != image["Id"]:
            stage.api.remove_image(image["Id"], force=True)
    lab_registry.stop()
    try:
        document = go_back(stage)
    finally:
        lab_registry.start()

    done = result(document, "web")
    assert done["state"] == "failed"
    assert "The pull of" in done["reason"]
    assert stage.inspect("web")["Id"] == now["Id"] != before["Id"]
    assert stage.inspect("web")["State"]["Running"]
    assert not Hold.objects.exists()


def test_an_earlier_image_that_does_not_work_any_more_brings_the_present_one_back(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    """The present one changed the data so that the earlier one cannot read it."""
    stage.trust(lab_registry)
    refuses = ("/bin/sh", "-c", "test -e /data/new && echo too new && exit 4; exec sleep 1000")
    image = stage.fetch(lab_registry, "back/db", ImageSpec(version="1", cmd=refuses))
    stage.create(image, "web", HostConfig={"Binds": ["back-data:/data"]})
    lab_registry.push("back/db", "1", SPECS[2])
    assert result(stage.update(), "web")["state"] == "updated"
    stage.output("web", "touch /data/new")
    before = stage.inspect("web")["Id"]

    done = result(go_back(stage), "web")

    assert (done["state"], done["log"]) == ("rolled_back", "too new")
    assert "exit code 4" in done["reason"]
    assert (stage.inspect("web")["Id"], version(stage)) == (before, "2")
    assert stage.names() == ["web"]
    assert not Hold.objects.for_all().exists()
    assert result(stage.update(), "web")["state"] == "fresh"


def test_a_vanished_container_is_made_again_with_its_volumes(
    updated: Stage, lab_registry: LabRegistry
) -> None:
    stage = updated
    before = stage.inspect("web")
    stage.api.remove_container("web", force=True)
    lab_registry.push("back/web", "1", SPECS[4])
    with pytest.raises(NothingToDo, match="scan it"):
        trigger_rebuild(stage.host, "web", source=COMMAND)
    stage.scan()

    run = trigger_rebuild(stage.host, "web", source=COMMAND)
    document = carried_out(run)

    done = result(document, "web")
    assert (done["state"], done["new_version"]) == ("restarted", "3")
    now = stage.inspect("web")
    assert (now["Id"], now["Image"]) == (done["new_id"], before["Image"])
    assert now["Config"] == {**before["Config"], "Hostname": now["Id"][:12]}
    assert now["HostConfig"] == before["HostConfig"]
    assert stage.output("web", "cat /data/it; echo $MINE; cat /version") == "kept\n1\n3"
    assert result(stage.update(), "web")["state"] == "updated"
    assert version(stage) == "4"


def test_one_whose_images_are_gone_too_is_made_from_its_registry(
    updated: Stage, lab_registry: LabRegistry
) -> None:
    stage = updated
    stage.api.remove_container("web", force=True)
    for image in stage.api.images(all=True):
        stage.api.remove_image(image["Id"], force=True)
    stage.scan()

    done = result(carried_out(trigger_rebuild(stage.host, "web", source=COMMAND)), "web")

    assert (done["state"], version(stage)) == ("restarted", "3")
    assert stage.output("web", "cat /data/it; echo $VERSION") == "kept\n3"


def test_one_that_came_back_in_the_meantime_is_left_alone(updated: Stage) -> None:
    stage = updated
    image = stage.inspect("web")["Image"]
    stage.api.remove_container("web", force=True)
    stage.scan()
    run = trigger_rebuild(stage.host, "web", source=COMMAND)
    made = stage.create(image, "web")

    document = carried_out(run)

    assert document["state"] == "failed"
    assert "There is a container web on this host" in document["hosts"][0]["error"]
    assert stage.inspect("web")["Id"] == made


def test_clean_up_keeps_the_last_images_and_those_of_a_held_container(
    updated: Stage, lab_registry: LabRegistry
) -> None:
    stage = updated

    def kept() -> int:
        return len(stage.api.images(name="watchweb/kept"))

    assert kept() == 2
    go_back(stage)
    stage.update(cleanup=True)
    assert kept() == 3, "it is held: 1, 2 and 3"
    Hold.objects.all().delete()
    lab_registry.push("back/web", "1", SPECS[5])
    assert result(stage.update(cleanup=True, rollback_versions=2), "web")["state"] == "updated"
    names = {tag for one in stage.api.images() for tag in one["RepoTags"] or ()}
    assert len([name for name in names if name.startswith("watchweb/kept")]) == 2
