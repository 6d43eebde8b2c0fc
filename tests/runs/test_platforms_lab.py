"""A tag that lost this machine's platform: nothing is pulled, and from then on a scan says so."""

from platform import machine

from tests.engine.platforms import push_index
from tests.lab.images import ARCHITECTURES
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result
from updates.models import Container, ImagePlatforms

HERE = f"linux/{ARCHITECTURES.get(machine(), machine())}"
ELSEWHERE = "linux/s390x"


def test_an_image_that_is_gone_for_this_platform_is_not_pulled_and_a_scan_knows(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    first = push_index(lab_registry, "gone/app", "1", "1", HERE, ELSEWHERE)
    image = f"{lab_registry.address}/gone/app:1"
    stage.api.pull(image.rpartition(":")[0], tag="1")
    container = stage.create(image, "app")
    assert result(stage.scan(), "app")["state"] == "fresh"
    second = push_index(lab_registry, "gone/app", "1", "2", ELSEWHERE)
    assert result(stage.scan(), "app")["state"] == "stale", "its platforms are not known yet"

    updated = result(stage.update(), "app")

    assert updated["state"] == "skipped"
    assert f"is not available for {HERE}" in updated["reason"]
    assert stage.inspect("app")["Id"] == container
    pulls = [
        one.path
        for one in lab_registry.requests()
        if "docker/" in one.agent and second.digest in one.path
    ]
    assert not pulls, "the engine was not sent there"
    assert ImagePlatforms.objects.get().platforms == [ELSEWHERE]
    scanned = result(stage.scan(), "app")
    assert (scanned["state"], scanned["old_digest"]) == ("skipped", first.digest)
    assert Container.objects.get().status == Container.Status.UNKNOWN

    third = push_index(lab_registry, "gone/app", "1", "3", HERE)
    again = result(stage.update(), "app")

    assert (again["state"], again["new_digest"]) == ("updated", third.digest)
    assert again["new_image_id"] == third.image_ids[HERE]
