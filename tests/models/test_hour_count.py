"""What became of containers, hour by hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from updates.models import HourCount

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 26, 10, 42, tzinfo=UTC)


def test_results_of_one_hour_add_up_and_only_what_was_acted_on_counts() -> None:
    HourCount.objects.add(MOMENT, {"updated": 2, "fresh": 70})
    HourCount.objects.add(MOMENT + timedelta(minutes=5), {"updated": 1, "failed": 1})
    HourCount.objects.add(MOMENT + timedelta(hours=1), {"rolled_back": 3})
    hour = MOMENT.replace(minute=0)
    assert list(HourCount.objects.values_list("hour", "state", "number")) == [
        (hour + timedelta(hours=1), "rolled_back", 3),
        (hour, "failed", 1),
        (hour, "updated", 3),
    ]


def test_a_day_begins_at_the_persons_own_midnight() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        HourCount.objects.add(midnight, {"updated": 1})
        HourCount.objects.add(midnight - timedelta(hours=1), {"failed": 1})
        assert [row.state for row in HourCount.objects.of_last(1)] == ["updated"]
        assert HourCount.objects.of_last(2).count() == 2
