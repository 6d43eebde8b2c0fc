"""Holds and blocks of a host's containers, in rows."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from updates.audit.record import record
from updates.flow import holds
from updates.flow.session import Result
from updates.models import Container, ContainerResult, Hold, Host
from updates.models.audit import Deed


def holds_of(host_id: int) -> Mapping[str, Sequence[holds.Hold]]:
    """All of a host's, by the container's name; one query."""
    found: dict[str, list[holds.Hold]] = {}
    for row in Hold.objects.filter(host=host_id):
        one = holds.Hold(row.digest, row.reason, row.image_id)
        found.setdefault(row.container, []).append(one)
    return found


def hold(host_id: int, name: str, why: str, user: User | None) -> None:
    """Leave the container on the image it has, until it is released."""
    facts = {"reason": why, "user": user}
    Hold.objects.update_or_create(host_id=host_id, container=name, digest="", defaults=facts)
    record(Deed.HELD, _place(host_id, name))


def block(host_id: int, result: Result | ContainerResult) -> None:
    """Keep the image that failed away from its container."""
    digest = result.new_digest or result.new_image_id
    if not digest:
        return  # It would hold back every image.
    when = f"{timezone.now():%Y-%m-%d %H:%M} UTC"
    facts = {
        "image_id": result.new_image_id,
        "version": result.new_version,
        "reason": f"It was rolled back on {when}: {result.reason}",
    }
    Hold.objects.update_or_create(
        host_id=host_id, container=result.name, digest=digest, defaults=facts
    )


def block_digest(host_id: int, name: str, digest: str, why: str, user: User | None) -> Hold:
    """Keep this image away from the container, because a person says so."""
    facts = {"reason": why, "user": user}
    row, _ = Hold.objects.update_or_create(
        host_id=host_id, container=name, digest=digest, defaults=facts
    )
    record(Deed.SKIPPED, f"{_place(host_id, name)}: {digest}")
    return row


def lift(row: Hold) -> None:
    """Take a hold or a block away, and what the inventory says of it."""
    row.delete()
    of = f": {row.digest}" if row.digest else ""
    record(Deed.RELEASED, f"{row.host.name}/{row.container}{of}")
    Container.objects.filter(host=row.host_id, name=row.container).update(status_reason="")


def release(host_id: int, name: str, digest: str = "") -> bool:
    """Take the hold away, or the block of this digest; False if there was none."""
    was_there = Hold.objects.of(host_id, name).filter(digest=digest).delete()[0] > 0
    if was_there:
        of = f": {digest}" if digest else ""
        record(Deed.RELEASED, f"{_place(host_id, name)}{of}")
    return was_there


def _place(host_id: int, name: str) -> str:
    return f"{Host.objects.values_list('name', flat=True).get(pk=host_id)}/{name}"
