"""What has to hold for Watchweb to do its work; and whether the engines answer, which need not.

A sentence may be shown to anybody. What tells of the inside is in `details`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from updates.models import Heartbeat, Host, HostRun
from updates.models.lease import lasts
from updates.models.run import RunState

logger = logging.getLogger(__name__)

# Workers beat with each tick, every minute and up to half a minute late; where `up` asks, oftener.
SILENCE = timedelta(seconds=150)


@dataclass(frozen=True, slots=True)
class Check:
    """`age_s`: how old what it rests on is, None for what was looked at just now.

    `is_required`: Watchweb is not ready without it.
    """

    name: str
    is_ok: bool
    sentence: str
    age_s: float | None = None
    is_required: bool = True
    details: tuple[str, ...] = ()

    def to_json(self, *, with_details: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "name": self.name,
            "ok": self.is_ok,
            "required": self.is_required,
            "sentence": self.sentence,
            "age_seconds": None if self.age_s is None else round(self.age_s, 1),
        }
        return shown | {"details": list(self.details)} if with_details else shown


def all_checks() -> tuple[Check, ...]:
    """Each of them, by a connection of this thread's own; one that breaks is no reason to stop."""
    return tuple(
        _guarded(name, check)
        for name, check in (
            ("database", _database),
            ("migrations", _migrations),
            ("workers", _workers),
            ("engines", _engines),
        )
    )


def unanswered(sentence: str) -> tuple[Check, ...]:
    """What is known when nothing could be looked at."""
    return (Check("database", is_ok=False, sentence=sentence),)


def is_ready(checks: tuple[Check, ...]) -> bool:
    return all(check.is_ok for check in checks if check.is_required)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Error as error:
        logger.warning("not ready check=%s error=%s", name, str(error).partition("\n")[0])
        return Check(name, is_ok=False, sentence="The database could not be asked.")


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check("database", is_ok=True, sentence="The database answers.")


def _migrations() -> Check:
    missing = sorted(_on_disk() - set(MigrationRecorder(connection).applied_migrations()))
    if not missing:
        return Check("migrations", is_ok=True, sentence="The database is up to date.")
    sentence = "The database is of an earlier release: manage.py migrate brings it up to date."
    details = tuple(f"{app}.{name} is not applied." for app, name in missing)
    return Check("migrations", is_ok=False, sentence=sentence, details=details)


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    """The migrations of this release, (app, name); they are read once."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _workers() -> Check:
    """Busy ones cannot answer a beat; they renew the leases of what they are at."""
    now = timezone.now()
    beaten_at = Heartbeat.objects.exclude(beaten_at=None).order_by("-beaten_at").first()
    age = now - beaten_at.beaten_at if beaten_at and beaten_at.beaten_at else None
    age_s = age.total_seconds() if age else None
    if age is not None and age <= SILENCE:
        return Check("workers", is_ok=True, sentence="The workers answer.", age_s=age_s)
    if HostRun.objects.filter(lasts("lease_until"), state=RunState.RUNNING).exists():
        return Check("workers", is_ok=True, sentence="The workers are busy.", age_s=age_s)
    sentence = "No worker has answered yet."
    if age is not None:
        sentence = "The workers do not answer any more."
    return Check("workers", is_ok=False, sentence=sentence, age_s=age_s)


def _engines() -> Check:
    hosts = Host.objects.enabled().only("name", "last_error", "last_seen_at")
    away = [host for host in hosts if host.last_error]
    seen = [host.last_seen_at for host in hosts if host.last_seen_at]
    sentence = "Each engine answered when it was last asked."
    if away:
        sentence = "Not every engine answered when it was last asked."
    return Check(
        "engines",
        is_ok=not away,
        sentence=sentence,
        age_s=_age_s(max(seen)) if seen else None,
        is_required=False,
        details=tuple(f"{host}: {host.last_error}" for host in away),
    )


def _age_s(moment: datetime) -> float:
    return (timezone.now() - moment).total_seconds()
