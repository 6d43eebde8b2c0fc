"""Certificates that people saved, and that have expired or will soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

EXPIRY_WARNING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    sentence: str
    is_over: bool


def endings(ca_ends: datetime | None, client_ends: datetime | None) -> list[Ending]:
    """One for each that has expired or will in 30 days; None: there is no such certificate."""
    named = (
        (
            ca_ends,
            _("A CA certificate expired on %(day)s."),
            _("A CA certificate expires on %(day)s."),
        ),
        (
            client_ends,
            _("A client certificate expired on %(day)s."),
            _("A client certificate expires on %(day)s."),
        ),
    )
    now = timezone.now()
    return [
        Ending((before if end <= now else after) % {"day": f"{end:%Y-%m-%d}"}, end <= now)
        for end, before, after in named
        if end is not None and end <= now + EXPIRY_WARNING
    ]
