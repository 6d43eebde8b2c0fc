"""The fleet's answers, in rows: who asks what, so that nobody asks twice within the window.

A constant number of statements, however many references.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from updates.models import RemoteDigest
from updates.models.lease import until
from updates.runs.keeper import LEASE

CLOCKS_APART = timedelta(minutes=1)  # Of workers on several machines.

type Key = tuple[str, str]  # (canonical reference, mirror or "")

_ANSWERED = (
    "digest",
    "media_type",
    "size",
    "etag",
    "error",
    "error_kind",
    "is_missing",
    "checked_at",
    "answered_at",
    "due_at",
    "filling_until",
    "filled_by",
)


@dataclass(slots=True)
class AnswerBook:
    """An answer counts if it is no older than `since`. `me` names this asker in the rows."""

    since: datetime
    me: str = field(default_factory=lambda: uuid.uuid4().hex)

    def current(self, keys: Collection[Key]) -> dict[Key, RemoteDigest]:
        """The answers that count already."""
        rows = RemoteDigest.objects.filter(_named(keys), self._counts())
        return _only(rows, keys)

    def take(self, keys: Collection[Key]) -> dict[Key, RemoteDigest]:
        """Claim those that nobody is asking; the rows are then this asker's to answer."""
        known = _only(RemoteDigest.objects.filter(_named(keys)), keys)
        missing = sorted(set(keys) - known.keys())
        RemoteDigest.objects.bulk_create(
            (RemoteDigest(reference=reference, via=via) for reference, via in missing),
            ignore_conflicts=True,
        )
        with transaction.atomic():
            # In one order and past what others hold: two askers must not wait for each other.
            free = RemoteDigest.objects.filter(_named(keys), RemoteDigest.free())
            free = free.exclude(self._counts()).order_by("pk")
            rows = _only(free.select_for_update(skip_locked=True), keys)
            taken = RemoteDigest.objects.filter(pk__in=[row.pk for row in rows.values()])
            taken.update(filling_until=until(LEASE), filled_by=self.me)
        return rows

    def _counts(self) -> Q:
        """The answers that are new enough; one from the future was dated by a wrong clock."""
        return Q(checked_at__gte=self.since, checked_at__lte=until(CLOCKS_APART))

    def keep(self, rows: Collection[RemoteDigest]) -> None:
        """Renew the lease of rows that are still being asked about."""
        if not rows:
            return
        RemoteDigest.renew_filling([row.pk for row in rows], by=self.me, lease=LEASE)

    def save(self, rows: Collection[RemoteDigest]) -> None:
        """Write answers down, and let go of their rows.

        A row that another asker took over, since its lease ran out, is left to that one.
        """
        if not rows:
            return
        with transaction.atomic():
            own = RemoteDigest.objects.filter(pk__in=[row.pk for row in rows], filled_by=self.me)
            kept = set(own.select_for_update().values_list("pk", flat=True))
            for row in rows:
                row.filling_until, row.filled_by = None, ""
            RemoteDigest.objects.bulk_create(
                (row for row in rows if row.pk in kept),
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=_ANSWERED,
            )


def _named(keys: Collection[Key]) -> Q:
    """The rows of these references, and perhaps of the same ones by another way."""
    return Q(reference__in={reference for reference, _ in keys}, via__in={via for _, via in keys})


def _only(rows: Iterable[RemoteDigest], keys: Collection[Key]) -> dict[Key, RemoteDigest]:
    found = {(row.reference, row.via): row for row in rows}
    return {key: found[key] for key in keys if key in found}
