"""When the certificates end that are saved for hosts, registries and in the settings, or shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from prometheus_client.core import Metric

from updates.metrics.readings.gauge import gauge
from updates.models import Host, Registry
from updates.models.trust import bundle_ends_at
from updates.registry.errors import TrustError
from updates.registry.tls.certificates import describe
from updates.registry.tls.pem import read_certificates

type _Ends = Iterator[tuple[tuple[str, ...], datetime | None]]


def read(hosts: Sequence[Host], registries: Sequence[Registry]) -> Metric:
    """No statement. Of several certificates in one place, the first end counts."""
    ends = [
        *_of_hosts(hosts),
        *_of_registries(registries),
        (("settings", "", "ca"), bundle_ends_at()),
    ]
    return gauge(
        "certificate_expiry_timestamp_seconds",
        "When the first certificate in a place ends, in seconds since the epoch. of=settings is "
        "WATCHWEB_REGISTRY_CA, role=server what the registry itself showed when it was last asked.",
        ("of", "name", "role"),
        {labels: end.timestamp() for labels, end in ends if end is not None},
    )


def _of_hosts(hosts: Sequence[Host]) -> _Ends:
    for host in hosts:
        yield ("host", host.name, "ca"), first_end(host.tls_ca)
        yield ("host", host.name, "client"), first_end(host.tls_cert)


def _of_registries(registries: Sequence[Registry]) -> _Ends:
    for row in registries:
        yield ("registry", row.domain, "ca"), row.ca_expires_at
        yield ("registry", row.domain, "client"), row.client_expires_at
        yield ("registry", row.domain, "server"), row.certificate_expires_at


@lru_cache(maxsize=512)
def first_end(pem: str) -> datetime | None:
    """None for a text with no certificate that can be read."""
    try:
        parsed = read_certificates(pem, what="certificate") if pem else ()
    except TrustError:
        return None
    return min((describe(one).not_after for one in parsed), default=None)
