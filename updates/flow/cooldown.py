"""How long a new image has to wait: from the later of its making and when it was first seen.

Some images say they were made in 1970 (reproducible builds), so what this fleet saw itself counts.
Before a pull only that is known; the image says the rest once it is here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from updates.flow.check import Verdict
from updates.flow.settings import Settings
from updates.language import gettext as _


def until_seen(
    verdict: Verdict, settings: Settings, first_seen: Mapping[str, datetime]
) -> datetime | None:
    """When the cooldown of what a registry has ends, as far as that is known before a pull."""
    seen = first_seen.get(verdict.remote_digest)
    return _end(seen, settings) if verdict.is_stale and verdict.remote_digest else None


def until_made(created_at: datetime | None, settings: Settings, now: datetime) -> datetime | None:
    """When the cooldown of an image that is here ends. A time in the future is no time."""
    if created_at is None or created_at > now:
        return None
    return _end(created_at, settings)


def is_over(until: datetime | None, now: datetime) -> bool:
    return until is None or until <= now


def sentence(until: datetime) -> str:
    """ "An update is available; it has to be some time old first: until 2026-01-02 03:04 UTC." """
    when = f"{until:%Y-%m-%d %H:%M} UTC"
    told = _("An update is available; its cooldown ends on %(when)s, and it is left until then.")
    return told % {"when": when}


def _end(since: datetime | None, settings: Settings) -> datetime | None:
    if since is None or not settings.cooldown_delay:
        return None
    return since + timedelta(seconds=settings.cooldown_delay)
