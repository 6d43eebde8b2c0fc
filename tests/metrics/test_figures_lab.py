"""The figures are those of the runs' own records, on a real engine and a real registry."""

from collections.abc import Iterator

import pytest

from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.metrics.scrape import samples, total, value
from tests.runs.stage import Stage, staged
from updates.models import HostRun


@pytest.fixture
def stage(transactional_db: None, lab_engine: Dockerd) -> Iterator[Stage]:
    with staged(lab_engine) as stage:
        yield stage


def test_a_scan_and_an_update_are_counted_as_their_reports_say(
    stage: Stage, lab_registry_token: LabRegistry
) -> None:
    registry = lab_registry_token
    stage.trust(registry)
    names = ("web", "db")
    for name in names:
        image = stage.fetch(registry, f"figures/{name}", ImageSpec(version="1"))
        stage.create(image, name)
    registry.push("figures/web", "1", ImageSpec(version="2"))

    reports = {"scan": stage.scan(), "update": stage.update()}

    for kind, report in reports.items():
        for state in ("fresh", "stale", "updated", "failed"):
            labels = {"host": "lab", "kind": kind, "state": state}
            counted = value("watchweb_container_results_total", **labels)
            assert counted == report["counts"][state], labels
    assert value("watchweb_containers", host="lab", status="up_to_date") == len(names)
    parts = HostRun.objects.all()
    found = samples()
    assert total("watchweb_engine_calls_total", found) == sum(one.engine_calls for one in parts)
    asked = sum(one.registry_calls for one in parts)
    assert total("watchweb_registry_requests_total", found) == asked
    assert value("watchweb_container_downtime_seconds_count", host="lab") == 1
    (updated,) = (one for one in reports["update"]["containers"] if one["state"] == "updated")
    took = value("watchweb_container_update_duration_seconds_sum", host="lab")
    assert took == pytest.approx(updated["seconds"], abs=0.001)
    assert 0 < value("watchweb_container_downtime_seconds_sum", host="lab") < took
    assert value("watchweb_pull_duration_seconds_count", host="lab") == 1
