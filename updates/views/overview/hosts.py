"""The hosts with what runs there, those that are away, and their certificates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.models import Container, Host
from updates.views.overview.certificates import saved_concerns
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
            again = start("scan", _("Try again"), host=host.pk)
            yield Concern(_("unreachable"), "bad", host.name, host.last_error, address, again)
        change = Act(_("Replace"), reverse("host-change", args=[host.pk]), "change_host")
        act = change if is_staff else None
        ends = _end_of(host.tls_ca), _end_of(host.tls_cert)
        yield from saved_concerns(*ends, (host.name, address), act)
    if unknown := sum(host.unknown_count for host in hosts):
        yield _unchecked(unknown)


def _unchecked(number: int) -> Concern:
    which = f"{reverse('containers')}?status=unknown"
    subject = ngettext(
        "%(count)d container not checked", "%(count)d containers not checked", number
    )
    sentence = ngettext(
        "Whether it has an update is not known.",
        "Whether they have an update is not known.",
        number,
    )
    look = Act(_("See why"), which)
    return Concern(_("unknown"), "news", subject % {"count": number}, sentence, which, look)


def _number(rows: QuerySet[Container]) -> Coalesce:
    counted = rows.order_by().values("host").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


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
