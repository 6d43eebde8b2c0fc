"""The last thirty days: how many containers were updated, rolled back and failed on each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from updates.drawing import month
from updates.drawing.month import Day, Month
from updates.models import HourCount

DAYS = 30


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture, and its sums over all days."""

    picture: Month
    days: tuple[Day, ...]

    @property
    def updated(self) -> int:
        return sum(day.updated for day in self.days)

    @property
    def rolled_back(self) -> int:
        return sum(day.rolled_back for day in self.days)

    @property
    def failed(self) -> int:
        return sum(day.failed for day in self.days)

    @property
    def most_updated(self) -> int:
        return max(day.updated for day in self.days)

    @property
    def most_troubles(self) -> int:
        return max(day.troubles for day in self.days)

    @property
    def eventful(self) -> list[Day]:
        """For the table; the newest first."""
        return [day for day in reversed(self.days) if not day.is_empty]


def read_chart() -> Chart:
    """One statement, of two thousand rows at most."""
    counts = defaultdict[date, dict[str, int]](lambda: defaultdict(int))
    rows = HourCount.objects.of_last(DAYS).order_by()
    for hour, state, number in rows.values_list("hour", "state", "number"):
        counts[timezone.localtime(hour).date()][state] += number
    today = timezone.localtime().date()
    dates = [today - timedelta(days=DAYS - 1 - back) for back in range(DAYS)]
    days = tuple(
        Day(one, *(counts[one].get(state, 0) for state in ("updated", "rolled_back", "failed")))
        for one in dates
    )
    return Chart(month.draw(days), days)
