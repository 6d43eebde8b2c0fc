"""Schedules for tests."""

from datetime import UTC, datetime
from typing import Any

from updates.models import Schedule

# A Wednesday.
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def schedule(name: str = "nightly", *, due: datetime | None = NOW, **facts: Any) -> Schedule:
    """One that is due now, but for `facts`."""
    given: dict[str, Any] = {"when": "1h", "zone": "UTC", "kind": "update", "next_at": due}
    return Schedule.objects.create(name=name, **given | facts)
