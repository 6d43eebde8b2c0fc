"""What people set is kept per level, and nothing that makes no sense is kept."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from updates.flow.setting import Level
from updates.models import Host, Policy

pytestmark = pytest.mark.django_db


def test_each_level_has_one_row(host: Host) -> None:
    for place, name in ((None, ""), (host, ""), (host, "web")):
        Policy(host=place, container=name).save()
        with pytest.raises(IntegrityError), transaction.atomic():
            Policy(host=place, container=name).save()


def test_a_container_without_its_host_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy(container="web").save()


def test_values_are_read_when_they_are_saved(host: Host) -> None:
    row = Policy(host=host, values={"cooldown_delay": "1d", "cleanup": "yes"})
    row.save()
    row.refresh_from_db()
    assert row.values == {"cooldown_delay": 86_400, "cleanup": True}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"stop_timeout": "soon"}, "stop_timeout takes a duration"),
        ({"nonsense": 1}, "There is no setting 'nonsense'"),
        ({"lifecycle_pre_update": "rm -r /"}, "There is no setting 'lifecycle_pre_update'"),
    ],
)
def test_what_makes_no_sense_is_not_saved(host: Host, values: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Policy(host=host, values=values).save()
    assert why in str(caught.value)
    assert not Policy.objects.exists()


def test_a_hosts_policies_are_its_own_and_those_for_everything(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///other.sock")
    Policy(values={"cleanup": True}).save()
    Policy(host=host, values={"stop_timeout": 3}).save()
    Policy(host=host, container="web", values={"monitor_only": True}).save()
    Policy(host=other, container="web", values={"no_pull": True}).save()
    known = Policy.objects.of_host(host)
    assert known.everywhere == {"cleanup": True}
    assert known.host == {"stop_timeout": 3}
    assert known.containers == {"web": {"monitor_only": True}}


def test_a_row_knows_its_level(host: Host) -> None:
    levels = [Policy(), Policy(host=host), Policy(host=host, container="web")]
    assert [row.level for row in levels] == [Level.GLOBAL, Level.HOST, Level.CONTAINER]
