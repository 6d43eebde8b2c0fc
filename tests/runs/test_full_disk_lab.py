"""An engine with no room left: a pull that fails says so, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.disk import Disk
from tests.lab.dockerd import Dockerd
from tests.lab.fixtures import need
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result, staged

pytestmark = pytest.mark.slow
OLD = ImageSpec(version="1")
NEW = ImageSpec(version="2", ballast_bytes=40_000_000)


@pytest.fixture
def disk(lab_root: Path) -> Iterator[Disk]:
    disk = Disk(lab_root / "small", "512m")
    disk.start()
    yield disk
    disk.stop()


@pytest.fixture
def cramped(transactional_db: None, disk: Disk) -> Iterator[Stage]:
    need("dockerd")
    engine = Dockerd(disk.path / "engine")
    engine.start()
    try:
        with staged(engine) as stage:
            yield stage
    finally:
        disk.free()
        engine.stop()


def test_a_pull_that_finds_no_room_is_told_and_the_old_one_goes_on(
    cramped: Stage, disk: Disk, lab_registry: LabRegistry
) -> None:
    cramped.trust(lab_registry)
    image = cramped.fetch(lab_registry, "full/app", OLD)
    old = cramped.create(image, "app")
    lab_registry.push("full/app", "1", NEW)
    disk.fill()

    told = result(cramped.update(), "app")

    assert told["state"] == "failed", told
    assert "there is no room left on the host's disk" in told["reason"]
    assert cramped.inspect("app")["Id"] == old
    assert cramped.inspect("app")["State"]["Running"]
    assert cramped.names() == ["app"]

    disk.free()
    told = result(cramped.update(), "app")
    assert told["state"] == "updated", told
    assert cramped.version_in("app") == "2"


def test_a_create_that_finds_no_room_leaves_the_old_one_running(
    cramped: Stage, disk: Disk, lab_registry: LabRegistry
) -> None:
    cramped.trust(lab_registry)
    image = cramped.fetch(lab_registry, "full/web", OLD)
    old = cramped.create(image, "web")
    lab_registry.push("full/web", "1", ImageSpec(version="2"))
    cramped.api.pull(image.rpartition(":")[0], tag="1")
    disk.fill()

    told = result(cramped.update(), "web")

    assert told["state"] in ("failed", "rolled_back"), told
    assert "no space left on device" in told["reason"]
    document = cramped.inspect("web")
    assert (document["Id"], document["State"]["Running"]) == (old, True)
    assert cramped.names() == ["web"]
