"""`updateself` and `executerun`, used wrongly; what they do is in tests/runs."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.commands.calls import refused
from tests.runs.rows import host_run
from updates.models import Host, UpdateRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside_of_a_container(settings: Settings) -> None:
    settings.MOUNTINFO = Path("/nonexistent")


def test_outside_of_a_container_it_says_so(host: Host) -> None:
    assert "does not run in a container here" in refused("updateself")
    assert "does not run in a container here" in refused("updateself", "--host", "nas", "--json")
    assert not UpdateRun.objects.exists()


def test_the_host_has_to_be_known(host: Host) -> None:
    assert "There is no host 'attic'" in refused("updateself", "--host", "attic")
    Host.objects.create(name="attic", url="unix:///x.sock")
    assert "name it with --host H" in refused("updateself")
    Host.objects.update(enabled=False)
    assert "addhost NAME URL" in refused("updateself")


def test_what_workers_execute_is_not_executed_by_hand(host: Host) -> None:
    part = host_run(host, state="queued")
    assert "not one that a helper executes" in refused("executerun", str(part.pk))
    assert "not one that a helper executes" in refused("executerun", "999")
    part.refresh_from_db()
    assert part.state == "queued"
