"""Certificates that have expired, or will soon."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from updates.models.ending import endings
from updates.views.overview.concern import Act, Concern


def state_of(*, is_over: bool) -> tuple[str, str]:
    """The badge of what ends, and its tone."""
    return (_("expired"), "bad") if is_over else (_("expires soon"), "news")


def saved_concerns(
    ca_ends: datetime | None, client_ends: datetime | None, named: tuple[str, str], act: Act | None
) -> Iterator[Concern]:
    """Of a CA and a client certificate; `named` is whose: a name, and its address."""
    name, address = named
    for one in endings(ca_ends, client_ends):
        state, tone = state_of(is_over=one.is_over)
        yield Concern(state, tone, name, one.sentence, address, act)
