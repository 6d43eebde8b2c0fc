"""Sums that only grow, for metrics: they stay when the rows they were made from are deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import batched, chain

from django.db import connections, models

_AT_ONCE = 200  # SQLite takes 999 values in a statement at least.
_COLUMNS = ("family", "subject", "labels", "value")


class Summed(StrEnum):
    """What is summed up. Each is a family of metrics (updates.metrics.families)."""

    RUNS = "runs"
    HOST_RUNS = "host_runs"
    HOST_RUN_SECONDS = "host_run_duration_seconds"
    RESULTS = "container_results"
    UPDATE_SECONDS = "container_update_duration_seconds"
    DOWNTIME_SECONDS = "container_downtime_seconds"
    PULL_SECONDS = "pull_duration_seconds"
    PULLED_BYTES = "pulled_bytes"
    FREED_BYTES = "freed_bytes"
    ENGINE_CALLS = "engine_calls"
    REQUESTS = "registry_requests"
    RATE_LIMITED = "registry_rate_limited"
    TOKEN_HITS = "registry_token_cache_hits"  # noqa: S105
    TOKEN_MISSES = "registry_token_cache_misses"  # noqa: S105
    TICKS = "schedule_ticks"
    DELIVERIES = "notification_deliveries"


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One sum of a family. `subject`: the pk of the host or schedule that it is about, or 0."""

    family: str
    subject: int = 0
    labels: tuple[str, ...] = ()


class TallyQuerySet(models.QuerySet["Tally"]):
    def add(self, sums: Mapping[Series, float]) -> None:
        """Add to the sums, and begin those that are new: one statement, whoever else does so.

        In one order, so that two writers never hold what the other one waits for. Django's own
        upsert can only set a value, not add to one.
        """
        connection = connections[self.db]
        quote = connection.ops.quote_name
        table = quote(self.model._meta.db_table)
        columns = ", ".join(map(quote, _COLUMNS))
        key = ", ".join(map(quote, _COLUMNS[:-1]))
        for part in batched(sorted(sums.items()), _AT_ONCE):
            places = ", ".join(["(%s, %s, %s, %s)"] * len(part))
            statement = (
                f"INSERT INTO {table} ({columns}) VALUES {places} ON CONFLICT ({key}) "  # noqa: S608
                f"DO UPDATE SET value = {table}.value + EXCLUDED.value"
            )
            rows = ((one.family, one.subject, joined(one.labels), by) for one, by in part)
            with connection.cursor() as cursor:
                cursor.execute(statement, list(chain.from_iterable(rows)))


class Tally(models.Model):
    """One sum. `subject` is no foreign key: what a deleted host did still counts.

    `labels`: the values of the family's other labels, a line each. `value`: a number, bytes, or
    seconds, as the family says. A histogram's last label is a bucket's upper bound, or "sum".
    """

    family = models.CharField(max_length=50)  # Of Summed; a new one there is no migration.
    subject = models.PositiveBigIntegerField(default=0)
    labels = models.CharField(max_length=400, blank=True)
    value = models.FloatField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        ordering = ("family", "subject", "labels")
        constraints = [
            models.UniqueConstraint(fields=["family", "subject", "labels"], name="a_sum_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="a_sum_is_not_negative"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.family, *self.labels.split("\n"))))


def joined(labels: tuple[str, ...]) -> str:
    """Label values as a row keeps them; a value's own line ends become spaces."""
    return "\n".join(" ".join(label.split()) for label in labels)[:400]
