"""What decides over a container's updates, in a word or two: what the page calls its policy."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from updates.models import Container

Status = Container.Status


class Standing(TextChoices):
    AUTOMATIC = "automatic", _("Automatic")
    MONITOR_ONLY = "monitor_only", _("Monitor only")
    HELD = "held", _("Held")
    BLOCKED = "blocked", _("Image blocked")
    WAITS = "waits", _("Waits for its cooldown")
    EXCLUDED = "excluded", _("Left out")


RULES = {
    Standing.MONITOR_ONLY: Q(monitor_only=True),
    Standing.HELD: Q(is_held=True),
    Standing.BLOCKED: Q(is_blocked=True, status=Status.UPDATE_AVAILABLE),
    Standing.WAITS: Q(held_until__isnull=False),
    Standing.EXCLUDED: Q(status=Status.EXCLUDED),
}


# No registry has anything to change them to.
_STAY = (Status.LOCAL, Status.PINNED)


def only(rows: QuerySet[Container], standing: str) -> QuerySet[Container]:
    """Those of a standing; `rows` come with their holds."""
    if standing in RULES:
        return rows.filter(RULES[Standing(standing)])
    for rule in RULES.values():
        rows = rows.exclude(rule)
    return rows.exclude(status__in=_STAY)


def standings(row: Container) -> list[Standing]:
    """All that it has; AUTOMATIC alone where runs update it."""
    found = list(_found(row))
    return found if found or row.status in _STAY else [Standing.AUTOMATIC]


def _found(row: Container) -> Iterator[Standing]:
    """`row` comes with its holds."""
    if row.is_held:  # type: ignore[attr-defined]
        yield Standing.HELD
    if row.is_blocked and row.has_update:  # type: ignore[attr-defined]
        yield Standing.BLOCKED
    if row.monitor_only:
        yield Standing.MONITOR_ONLY
    if row.held_until:
        yield Standing.WAITS
    if row.status == Status.EXCLUDED:
        yield Standing.EXCLUDED
