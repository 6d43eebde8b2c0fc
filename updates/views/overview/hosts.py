"""The hosts with what runs there, those that are away, and their certificates."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from updates.models import Container, Host
from updates.models.registry_state import EXPIRY_WARNING
from updates.views.overview.concern import Act, Concern, start


def read_hosts() -> list[Any]:
    """Each with `container_count`, `update_count` and `unknown_count`; one statement."""
    mine = Container.objects.filter(host=OuterRef("pk"))
    status = Container.Status
    return list(
        Host.objects.defer("tls_key", "engine_info", "mirrors").annotate(
            container_count=_number(mine),
            update_count=_number(mine.filter(status=status.UPDATE_AVAILABLE)),
            unknown_count=_number(mine.filter(status=status.UNKNOWN)),
        )
    )


def host_concerns(hosts: Sequence[Any], *, is_staff: bool) -> Iterator[Concern]:
    """Asks the database nothing. `is_staff`: hosts are changed in the admin."""
    for host in hosts:
        address = host.get_absolute_url()
        if host.enabled and host.last_error:
            again = start("scan", "Try again", host=host.pk)
            yield Concern("away", "bad", host.name, host.last_error, address, again)
        change = Act("Replace", reverse("host-change", args=[host.pk]), "change_host")
        for what, pem in (("CA", host.tls_ca), ("client", host.tls_cert)):
            if sentence := _ending(what, pem):
                is_over = " expired " in sentence
                state, tone = ("expired", "bad") if is_over else ("expires soon", "news")
                act = change if is_staff else None
                yield Concern(state, tone, host.name, sentence, address, act)
    if unknown := sum(host.unknown_count for host in hosts):
        yield _unchecked(unknown)


def _unchecked(number: int) -> Concern:
    which = f"{reverse('containers')}?status=unknown"
    s = "" if number == 1 else "s"
    sentence = f"Whether {'it has' if number == 1 else 'they have'} an update is not known."
    look = Act("See why", which)
    return Concern("unknown", "news", f"{number} container{s} not checked", sentence, which, look)


def _number(rows: QuerySet[Container]) -> Coalesce:
    counted = rows.order_by().values("host").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _ending(what: str, pem: str) -> str:
    """A sentence when a certificate of it has expired or will in 30 days; else ""."""
    end, now = _end_of(pem), datetime.now(UTC)
    if end is None or end > now + EXPIRY_WARNING:
        return ""
    return f"A {what} certificate {'expired' if end <= now else 'expires'} on {end:%Y-%m-%d}."


@lru_cache(maxsize=512)
def _end_of(pem: str) -> datetime | None:
    """When the first of them ends; None when there is none that can be read."""
    if not pem:
        return None
    try:
        read = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        return None
    return min(one.not_valid_after_utc for one in read)
