"""Certificates that have expired, or will soon."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from updates.models.registry_state import EXPIRY_WARNING
from updates.views.overview.concern import Act, Concern

type Named = tuple[str, str]  # Of a subject: its name and its address.


def ca_concerns(end: datetime | None, named: Named, act: Act | None) -> Iterator[Concern]:
    """One when a CA has expired or will in 30 days; `end` None: there is none."""
    if end is not None and _is_over(end):
        yield _expired(_("A CA certificate expired on %(day)s."), end, named, act)
    elif end is not None and _is_soon(end):
        yield _expires(_("A CA certificate expires on %(day)s."), end, named, act)


def client_concerns(end: datetime | None, named: Named, act: Act | None) -> Iterator[Concern]:
    """As of a CA."""
    if end is not None and _is_over(end):
        yield _expired(_("A client certificate expired on %(day)s."), end, named, act)
    elif end is not None and _is_soon(end):
        yield _expires(_("A client certificate expires on %(day)s."), end, named, act)


def _is_over(end: datetime) -> bool:
    return end <= datetime.now(UTC)


def _is_soon(end: datetime) -> bool:
    return end <= datetime.now(UTC) + EXPIRY_WARNING


def _expired(sentence: str, end: datetime, named: Named, act: Act | None) -> Concern:
    name, address = named
    return Concern(_("expired"), "bad", name, sentence % _day(end), address, act)


def _expires(sentence: str, end: datetime, named: Named, act: Act | None) -> Concern:
    name, address = named
    return Concern(_("expires soon"), "news", name, sentence % _day(end), address, act)


def _day(end: datetime) -> dict[str, str]:
    return {"day": f"{end:%Y-%m-%d}"}
