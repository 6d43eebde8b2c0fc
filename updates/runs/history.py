"""What a run needs to know of earlier ones: digests seen before, images replaced before."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from updates.flow.ports import Replaced
from updates.flow.session import State
from updates.models import ContainerResult, Hold, Replacement, SeenDigest


def first_seen(digests: Collection[str]) -> dict[str, datetime]:
    """When each was first seen in the fleet; those that are new are seen now."""
    SeenDigest.objects.bulk_create(
        (SeenDigest(digest=digest) for digest in sorted(digests)), ignore_conflicts=True
    )
    rows = SeenDigest.objects.filter(digest__in=digests)
    return dict(rows.values_list("digest", "first_seen_at"))


def replaced_on(host_id: int) -> list[Replaced]:
    """Each image that updates took from a container of this host, and when that was last.

    Without those of replacements that are still open, whose way back may need them, and of
    containers that are held: they may go on to any of them.
    """
    held = Hold.objects.filter(host=host_id).for_all().values("container")
    rows = ContainerResult.objects.filter(host_run__host=host_id, state=State.UPDATED)
    rows = rows.exclude(name__in=held)
    last = rows.order_by().values_list("name", "old_image_id").annotate(Max("host_run__started_at"))
    needed = _needed_on(host_id)
    return [Replaced(name, image, at) for name, image, at in last if at and image not in needed]


def _needed_on(host_id: int) -> set[str]:
    left = Replacement.objects.filter(host_run__host=host_id, closed_at=None)
    return set(left.values_list("old_image_id", flat=True))
