"""Gathers what is to be added to the tallies."""

from bisect import bisect_left
from collections import defaultdict

from updates.models import Tally
from updates.models.tally import Series, Summed

SUM = "sum"
_LONG = (1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
_SHORT = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
# Upper bounds of the buckets, in seconds; above the last there is one without a bound.
BOUNDS = {
    Summed.HOST_RUN_SECONDS: _LONG,
    Summed.UPDATE_SECONDS: _LONG,
    Summed.PULL_SECONDS: _LONG,
    Summed.DOWNTIME_SECONDS: _SHORT,
}
BEYOND = "+Inf"


class Sums:
    """Kept in memory until `save`, which is one statement."""

    def __init__(self) -> None:
        self._by_series: defaultdict[Series, float] = defaultdict(float)

    def count(self, family: Summed, *labels: str, subject: int = 0, by: float = 1) -> None:
        """Add to a counter; nothing for 0."""
        if by:
            self._by_series[Series(family.value, subject, labels)] += by

    def observe(self, family: Summed, seconds: float, *labels: str, subject: int = 0) -> None:
        """Put a duration into its bucket of a histogram."""
        bounds = BOUNDS[family]
        place = bisect_left(bounds, seconds)
        bound = str(bounds[place]) if place < len(bounds) else BEYOND
        self.count(family, *labels, bound, subject=subject)
        self.count(family, *labels, SUM, subject=subject, by=max(0.0, seconds))

    def save(self) -> None:
        """Add everything to the rows; it may be used again then."""
        sums, self._by_series = self._by_series, defaultdict(float)
        if sums:
            Tally.objects.add(sums)
