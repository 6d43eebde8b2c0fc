"""Registries: do they answer, and what is left of their rate limits."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from prometheus_client.core import Metric

from updates.metrics.readings.gauge import gauge, moments
from updates.models import Registry

_REGISTRY = ("registry",)


def read(registries: Sequence[Registry], now: datetime) -> Iterator[Metric]:
    """No statement; the registries were read before."""
    asked = [row for row in registries if row.answered_at or row.failed_at]
    yield gauge(
        "registry_up",
        "1 if the registry answered when it was last asked, 0 if not; absent until then.",
        _REGISTRY,
        {(row.domain,): not row.is_failing for row in asked},
    )
    yield gauge(
        "registry_last_answer_timestamp_seconds",
        "When the registry last gave a good answer, in seconds since the epoch.",
        _REGISTRY,
        moments({row.domain: row.answered_at for row in registries}),
    )
    yield gauge(
        "registry_pause_seconds",
        "How long the registry will be left alone yet, because it asked for that.",
        _REGISTRY,
        {(row.domain,): _rest_s(row.paused_until, now) for row in registries},
    )
    yield gauge(
        "registry_limit_remaining",
        "What the registry's last answer left of its rate limit, in requests.",
        _REGISTRY,
        {
            (row.domain,): row.budget_remaining
            for row in registries
            if row.budget_remaining is not None
        },
    )


def _rest_s(until: datetime | None, now: datetime) -> float:
    return max(0.0, (until - now).total_seconds()) if until else 0.0
