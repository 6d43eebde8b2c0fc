"""Holds and blocks of a host's containers, in rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
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


def by_container(host_ids: Collection[int]) -> dict[tuple[int, str], list[holds.Hold]]:
    """All of these hosts', by host and the container's name; one query."""
    found: dict[tuple[int, str], list[holds.Hold]] = {}
    for row in Hold.objects.filter(host__in=host_ids):
        one = holds.Hold(row.digest, row.reason, row.image_id)
        found.setdefault((row.host_id, row.container), []).append(one)
    return found


def hold_all(rows: Collection[Container], why: str, user: User | None) -> None:
    """Leave each on the image it has; one statement."""
    _write((Hold(host_id=row.host_id, container=row.name) for row in rows), why, user)
    _record_all(Deed.HELD, rows)


def block_all(rows: Collection[Container], why: str, user: User | None) -> None:
    """Keep the image away from each that its registry has now; one statement."""
    known = [row for row in rows if row.remote_digest]
    made = (
        Hold(
            host_id=row.host_id,
            container=row.name,
            digest=row.remote_digest,
            version=row.available_version,
        )
        for row in known
    )
    _write(made, why, user)
    _record_all(Deed.SKIPPED, known)


def release_all(rows: Collection[Container]) -> None:
    """Take away the holds of these, and the blocks of what their registries have now."""
    digests = {(row.host_id, row.name): row.remote_digest for row in rows}
    known = Hold.objects.filter(host__in={row.host_id for row in rows})
    over = [
        pk
        for pk, host, name, digest in known.values_list("pk", "host", "container", "digest")
        if (host, name) in digests and digest in ("", digests[host, name])
    ]
    with transaction.atomic():
        Hold.objects.filter(pk__in=over).delete()
        Container.objects.filter(pk__in=[row.pk for row in rows]).update(status_reason="")
    _record_all(Deed.RELEASED, rows)


def _record_all(deed: Deed, rows: Collection[Container]) -> None:
    """One entry, which names each of them."""
    hosts = dict(
        Host.objects.filter(pk__in={row.host_id for row in rows}).values_list("pk", "name")
    )
    places = [(f"{hosts[row.host_id]}/{row.name}", "", row.remote_digest) for row in rows]
    record(deed, f"{len(rows)} containers", changes=places)


def _write(made: Iterable[Hold], why: str, user: User | None) -> None:
    found = list(made)
    for one in found:
        one.reason, one.user = why, user
    Hold.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["host", "container", "digest"],
        update_fields=["reason", "user"],
    )
