"""Watchtower's variables make one schedule, or say what is wrong with them."""

import pytest

from updates.models import Schedule
from updates.schedules.environment import complaint, first_schedule


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("environment", "when"),
    [
        ({"WATCHTOWER_POLL_INTERVAL": "300"}, "@every 300s"),
        ({"WATCHTOWER_SCHEDULE": '"0 0 4 * * *"'}, "0 0 4 * * *"),
        ({"WATCHTOWER_SCHEDULE": "@hourly", "WATCHWEB_SCHEDULE": "@daily"}, "@daily"),
    ],
)
def test_it_is_made_once(environment: dict[str, str], when: str) -> None:
    row = first_schedule(environment | {"WATCHTOWER_UPDATE_ON_START": "true"})
    assert row is not None
    assert (row.when, row.kind, row.update_on_start) == (when, "update", True)
    assert row.next_at is not None
    assert first_schedule(environment) is None
    assert Schedule.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_made_of_nothing() -> None:
    assert first_schedule({"WATCHTOWER_SCHEDULE": ""}) is None


def test_what_cannot_be_used_is_a_sentence() -> None:
    both = {"WATCHTOWER_SCHEDULE": "@daily", "WATCHTOWER_POLL_INTERVAL": "300"}
    assert "are both set" in complaint(both)
    assert complaint({"WATCHTOWER_SCHEDULE": "61 * * * *"}).startswith("WATCHTOWER_SCHEDULE cannot")
    assert complaint({"WATCHTOWER_POLL_INTERVAL": "0"}) != ""
    assert complaint({}) == ""
