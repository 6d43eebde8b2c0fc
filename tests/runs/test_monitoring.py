"""A changed policy shows at once in the rows it is about."""

import pytest

from tests.views import rows
from updates.models import Container, Host, Policy


@pytest.fixture
def fleet(host: Host) -> Host:
    other = Host.objects.create(name="attic", url="unix:///x.sock")
    rows.container(host, "web")
    rows.container(host, "db")
    rows.container(other, "web")
    return other


def watched() -> list[str]:
    found = Container.objects.filter(monitor_only=True).order_by("host__name", "name")
    return [f"{row.host.name}/{row.name}" for row in found]


def test_what_is_set_for_everything_a_host_or_a_container_is_followed(fleet: Host) -> None:
    everything = Policy.objects.create(values={"monitor_only": True})
    assert watched() == ["attic/web", "nas/db", "nas/web"]
    everything.delete()
    Policy.objects.create(host=fleet, values={"monitor_only": True})
    assert watched() == ["attic/web"]
    Policy.objects.all().delete()
    nas = Host.objects.get(name="nas")
    Policy.objects.create(host=nas, container="db", values={"monitor_only": True})
    assert watched() == ["nas/db"]


def test_a_label_counts_whatever_is_set(host: Host) -> None:
    rows.container(host, "web", labels={"watchweb.monitor-only": "true"}, monitor_only=True)
    policy = Policy.objects.create(values={"monitor_only": True})
    policy.values = {}
    policy.save()
    assert watched() == ["nas/web"]
