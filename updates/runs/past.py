"""What results and journal know of a container: images it had before, and what it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from updates.flow.past import Past
from updates.flow.session import State
from updates.flow.snapshot import Snapshot
from updates.models import Container, ContainerResult, Host, Replacement

LOOKED_AT = 200  # Of a container's updates, the last ones.


@dataclass(frozen=True, slots=True)
class Had:
    """An image that a container had, until this moment if that is known."""

    past: Past
    until: datetime | None

    @property
    def key(self) -> str:
        """What a person names it by: its digest, or its id where nobody knows one."""
        return self.past.digest or self.past.image_id


@dataclass(frozen=True, slots=True)
class Remains:
    """What is known of a container that vanished, and since when; `last_id`: the id it had."""

    snapshot: Snapshot
    last_id: str
    past: Past
    taken_at: datetime

    @property
    def volumes(self) -> list[str]:
        """Where its data is, by name or by path on the host."""
        mounts = self.snapshot.container.get("Mounts") or ()
        return sorted(str(one.get("Name") or one.get("Source") or "") for one in mounts)

    @property
    def networks(self) -> list[str]:
        networks = (self.snapshot.container.get("NetworkSettings") or {}).get("Networks") or {}
        return sorted(networks)


def images_of(host: Host, name: str) -> list[Had]:
    """The images it had before the one it has now, the last one first; each once."""
    present = _present(host, name)
    found: dict[str, Had] = {}
    for row in _updates(host, name)[:LOOKED_AT]:
        for one in _both(row):
            found.setdefault(one.past.image_id, one)
    return [one for one in found.values() if one.past.image_id not in ("", present)]


def before(host: Host, name: str) -> Had | None:
    """The image it had before the one it has now; None if that is not known.

    Going back was no update to that image: two times back is two versions back.
    """
    present = _present(host, name)
    rows = list(_updates(host, name)[:LOOKED_AT])
    for row in rows:
        if row.new_image_id == present and not _was_back(row):
            return _old(row)
    is_of_history = any(present in (row.old_image_id, row.new_image_id) for row in rows)
    return _old(rows[0]) if rows and not is_of_history else None


def find(host: Host, name: str, text: str) -> Had | None:
    """The image that it had by this digest or id, whole or its first digits (at least six)."""
    return next((one for one in images_of(host, name) if _is_called(one.past, text)), None)


def remains_of(host: Host, name: str) -> Remains | None:
    """What the last replacement that was recorded knew of it; None if there was none.

    One that was made again in vain is known no better than before.
    """
    rows = Replacement.objects.filter(host_run__host=host, name=name)
    rows = rows.filter(~Q(facts__has_key="rebuild") | Q(outcome=State.UPDATED))
    row = rows.exclude(snapshot={}).order_by("-pk").first()
    if row is None:
        return None
    snapshot = Snapshot.of_record(row.snapshot)
    result = ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
    last_id = row.new_id if row.outcome == State.UPDATED else row.old_id
    return Remains(snapshot, last_id, _last_image(snapshot, result.first()), row.opened_at)


def vanished_from(host: Host, limit: int) -> list[tuple[str, datetime]]:
    """Names of containers that were replaced on this host once and are not there, the last ones
    first, and when they were last replaced; one query."""
    rows = Replacement.objects.filter(host_run__host=host).exclude(snapshot={}).order_by()
    gone = rows.exclude(name__in=host.containers.values("name"))
    last = gone.values_list("name").annotate(last=Max("opened_at")).order_by("-last")
    return list(last[:limit])


def moved_ids(host: Host) -> dict[str, str]:
    """Ids of containers that were replaced on this host, each to the one it goes on under."""
    rows = Replacement.objects.filter(host_run__host=host, outcome=State.UPDATED)
    found: dict[str, str] = {}
    for old_id, new_id in rows.order_by("-pk").values_list("old_id", "new_id"):
        found[old_id] = found.get(new_id, new_id)
    return found


def _updates(host: Host, name: str) -> QuerySet[ContainerResult]:
    """The results that gave it another image, the last one first."""
    rows = ContainerResult.objects.filter(host_run__host=host, name=name, state=State.UPDATED)
    return rows.select_related("host_run__run").order_by("-pk")


def _present(host: Host, name: str) -> str:
    row = Container.objects.filter(host=host, name=name).only("image_id").first()
    return row.image_id if row else ""


def _both(row: ContainerResult) -> Iterator[Had]:
    """The image that it had since then, and the one before it."""
    if row.new_image_id:
        yield Had(Past(row.new_image_id, row.new_digest, row.image, row.new_version), None)
    yield _old(row)


def _old(row: ContainerResult) -> Had:
    past = Past(row.old_image_id, row.old_digest, row.image, row.old_version)
    return Had(past, row.host_run.finished_at)


def _was_back(row: ContainerResult) -> bool:
    return bool(row.host_run.run.parameters().back_to)


def _is_called(past: Past, text: str) -> bool:
    digits = text.strip().rpartition(":")[2].lower()
    known = (past.digest.rpartition(":")[2], past.image_id.rpartition(":")[2])
    return len(digits) >= 6 and any(one.startswith(digits) for one in known)


def _last_image(snapshot: Snapshot, row: ContainerResult | None) -> Past:
    if row is None:
        return Past(snapshot.image_id, "", snapshot.reference)
    if row.state == State.UPDATED:
        return Past(row.new_image_id, row.new_digest, row.image, row.new_version)
    return Past(row.old_image_id, row.old_digest, row.image, row.old_version)


def names_in(rows: Iterable[Had]) -> str:
    """ "sha256:…, sha256:…", for sentences."""
    return ", ".join(one.key for one in rows)
