"""Blocked images on a real engine: no loop, and another image is tried by itself."""

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result
from updates.models import Container, Hold

ONE, THREE = ImageSpec(version="1"), ImageSpec(version="3")
BAD = ImageSpec(
    version="2",
    cmd=("/bin/sh", "-c", "echo starting with $DB_PASSWORD; echo no such table >&2; exit 3"),
)


def test_a_bad_image_is_tried_once_and_its_log_is_kept_until_there_is_another(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "block/app", ONE)
    old = stage.create(image, "app", Env=["DB_PASSWORD=hunter22"])
    bad = lab_registry.push("block/app", "1", BAD)

    done = result(stage.update(), "app")

    assert done["state"] == "rolled_back"
    assert sorted(done["log"].splitlines()) == ["no such table", "starting with ••••"]
    block = Hold.objects.get()
    assert (block.host, block.container, block.digest) == (stage.host, "app", bad)
    assert block.version == "2"

    again = result(stage.update(), "app")

    assert again["state"] == "stale"
    assert "this image is blocked here. It was rolled back on 2" in again["reason"]
    assert stage.inspect("app")["Id"] == old
    row = Container.objects.get()
    assert (row.has_update, row.status_reason) == (True, again["reason"])

    lab_registry.push("block/app", "1", THREE)

    assert result(stage.update(), "app")["state"] == "updated"
    assert stage.version_in("app") == "3"


def test_a_person_lifts_the_block_and_it_is_tried_again(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    stage.create(stage.fetch(lab_registry, "block/web", ONE), "web")
    lab_registry.push("block/web", "1", BAD)
    stage.update()
    assert result(stage.update(), "web")["state"] == "stale"

    Hold.objects.all().delete()

    assert result(stage.update(), "web")["state"] == "rolled_back"
    assert Hold.objects.count() == 1
