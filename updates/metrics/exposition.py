"""All families as text, in Prometheus' form or OpenMetrics'."""

import platform
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.db import connection
from django.utils import timezone
from prometheus_client import exposition
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from updates.metrics.families import PREFIX
from updates.metrics.readings import certificates, hosts, registries, work
from updates.metrics.tallied import Names, tallied
from updates.models import Host, Registry, Schedule

_OF_HOSTS = (
    "name",
    "enabled",
    "last_error",
    "last_seen_at",
    "scanned_at",
    "created_at",
    "tls_ca",
    "tls_cert",
)
_OF_REGISTRIES = (
    "domain",
    "answered_at",
    "failed_at",
    "paused_until",
    "budget_remaining",
    "ca_expires_at",
    "client_expires_at",
    "certificate_expires_at",
)

type Families = Callable[[], Iterable[Metric]]


@dataclass(frozen=True, slots=True)
class Read(Collector):
    """Families that were read, as the library takes them."""

    families: Iterable[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


def text_of(families: Iterable[Metric], *, is_openmetrics: bool) -> tuple[bytes, str]:
    """(the text, its content type). The library escapes what people wrote."""
    if is_openmetrics:
        text = openmetrics.generate_latest(Read(families))  # type: ignore[no-untyped-call]
        return text, openmetrics.CONTENT_TYPE_LATEST
    return exposition.generate_latest(Read(families)), exposition.CONTENT_TYPE_PLAIN_0_0_4


def families() -> Iterator[Metric]:
    """Everything, as it is now: a dozen statements, however many hosts there are."""
    now = timezone.now()
    all_hosts = list(Host.objects.only(*_OF_HOSTS))
    all_registries = list(Registry.objects.only(*_OF_REGISTRIES))
    schedules = list(Schedule.objects.only("name", "enabled", "next_at"))
    yield _build()
    yield from hosts.read(all_hosts, now)
    yield from registries.read(all_registries, now)
    yield from work.read(schedules, now)
    yield certificates.read(all_hosts, all_registries)
    yield from tallied(
        Names({one.pk: one.name for one in all_hosts}, {one.pk: one.name for one in schedules})
    )


def _build() -> Metric:
    facts = {
        "version": _version(),
        "python": platform.python_version(),
        "database": connection.vendor,
    }
    return InfoMetricFamily(f"{PREFIX}build", "The Watchweb that answers.", value=facts)


@cache
def _version() -> str:
    """Of the package, or of the checkout that runs without being installed."""
    try:
        return version("watchweb")
    except PackageNotFoundError:
        document = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
        return str(document["project"]["version"])
