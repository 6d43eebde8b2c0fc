"""The inventory follows the engine's two lists."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from updates.engine.container import ContainerSummary, ImageSummary
from updates.flow import labels
from updates.flow.check import Verdict
from updates.flow.policy import Policies
from updates.flow.pull import VERSION
from updates.flow.session import CheckStatus, Result
from updates.flow.ties import Ties
from updates.models import Container, Hold, Host
from updates.registry.reference import Reference
from updates.runs.policies import policies_of

_LISTED = (
    "container_id",
    "image",
    "image_id",
    "stack",
    "state",
    "health",
    "labels",
    "created_at",
    "network_mode",
    "ties",
    "version",
    "monitor_only",
)
_CHECKED = (
    "status",
    "status_reason",
    "checked_at",
    "image",
    "local_digest",
    "remote_digest",
    "answered_at",
    "available_version",
)
_SENT_BACK = (
    "status",
    "status_reason",
    "local_digest",
    "remote_digest",
    "image",
    "available_version",
)
_LONGEST = 255
type Times = Callable[[Reference], tuple[datetime | None, datetime | None]]


def refresh(
    host: Host, containers: Sequence[ContainerSummary], images: Sequence[ImageSummary] = ()
) -> None:
    """Make the host's rows what its engine lists; what a check found out stays."""
    said, policies = versions_in(images), policies_of(host)
    listed = {one.name: _facts(one, said, policies) for one in containers}
    with transaction.atomic():
        known = {row.name: row for row in host.containers.all()}
        gone = [row.pk for name, row in known.items() if name not in listed]
        Container.objects.filter(pk__in=gone).delete()
        fresh = [
            Container(host=host, name=name, **facts)
            for name, facts in listed.items()
            if name not in known
        ]
        Container.objects.bulk_create(fresh)
        changed = [
            row for name, row in known.items() if name in listed and _take(row, listed[name])
        ]
        _save(changed, _LISTED)


def versions_in(images: Collection[ImageSummary]) -> dict[str, str]:
    """By image id, what each says its version is."""
    return {one.id: one.labels[VERSION][:_LONGEST] for one in images if one.labels.get(VERSION)}


def save_verdicts(
    host: Host,
    verdicts: Mapping[str, Verdict],
    times: Times,
    versions: Mapping[str, str] | None = None,
) -> None:
    """Write what a check found. A failed check keeps the last good answer's time and digests.

    `times` tells when a reference was asked for: an answer may be some minutes old. `versions`: by
    image id, of those on the host.
    """
    rows = list(host.containers.filter(container_id__in=verdicts))
    now = timezone.now()
    known = _known_versions({one.remote_digest for one in verdicts.values() if one.is_stale})
    for row in rows:
        verdict = verdicts[row.container_id]
        asked_at, answered_at = times(verdict.reference) if verdict.reference else (None, None)
        row.status, row.status_reason = verdict.status, verdict.reason
        row.checked_at = asked_at or now
        if verdict.reference:
            row.image = verdict.reference.familiar
        if verdict.status is not CheckStatus.UNKNOWN:
            row.local_digest, row.remote_digest = verdict.local_digest, verdict.remote_digest
            row.answered_at = answered_at or now
            here = (versions or {}).get(verdict.new_image_id, "")
            newer = here or known.get(verdict.remote_digest, "")
            row.available_version = newer if verdict.is_stale else ""
    _save(rows, _CHECKED)


def known_ties(host: Host) -> dict[str, Ties]:
    """By container id, what is known of the containers that are there now."""
    rows = host.containers.filter(ties__isnull=False).values_list("container_id", "ties")
    return {container_id: Ties.from_json(found or {}) for container_id, found in rows}


def save_ties(host: Host, ties: Mapping[str, Ties]) -> None:
    """Keep these, by container id."""
    rows = list(host.containers.filter(container_id__in=ties))
    for row in rows:
        row.ties = ties[row.container_id].to_json()
    _save(rows, ["ties"])


def save_waiting(host: Host, left: Mapping[str, str], until: Mapping[str, datetime]) -> None:
    """Write why the updates of these containers wait, by id, and until when if that is known."""
    rows = list(host.containers.filter(container_id__in=left)) if left else []
    for row in rows:
        row.status_reason = left[row.container_id]
        row.held_until = until.get(row.container_id)
    _save(rows, ("status_reason", "held_until"))
    over = host.containers.exclude(held_until=None).exclude(container_id__in=until)
    over.update(held_until=None)


def save_back(host: Host, result: Result) -> None:
    """The container went back to an earlier image: what the registry has waits for it."""
    for row in host.containers.filter(name=result.name):
        row.remote_digest = row.remote_digest or result.old_digest
        is_latest = bool(result.new_digest) and row.remote_digest == result.new_digest
        row.status = CheckStatus.UP_TO_DATE if is_latest else CheckStatus.UPDATE_AVAILABLE
        row.status_reason = "" if is_latest else result.reason
        row.local_digest, row.image = result.new_digest, result.image
        row.available_version = "" if is_latest else result.old_version
        _save([row], _SENT_BACK)


def _save(rows: Collection[Container], columns: Sequence[str]) -> None:
    """Write these columns of rows that are there, in one statement."""
    Container.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


def _known_versions(digests: Collection[str]) -> dict[str, str]:
    """What images of these digests are known to say, from where they run or were tried."""
    wanted = [one for one in digests if one]
    if not wanted:
        return {}
    tried = Hold.objects.filter(digest__in=wanted).exclude(version="")
    running = Container.objects.filter(local_digest__in=wanted).exclude(version="")
    return {
        **dict(tried.values_list("digest", "version")),
        **dict(running.values_list("local_digest", "version")),
    }


def _facts(
    container: ContainerSummary, versions: Mapping[str, str], policies: Policies
) -> dict[str, Any]:
    own = container.labels.get(VERSION, "")
    return {
        "container_id": container.id,
        # One that was made from an image's id is labelled with what it follows.
        "image": container.labels.get(labels.ORIGINAL_IMAGE, "") or container.image,
        "image_id": container.image_id,
        "stack": labels.stack(container.labels),
        "state": container.state,
        "health": container.health,
        "labels": dict(container.labels),
        "created_at": container.created_at,
        "network_mode": container.network_mode,
        "version": versions.get(container.image_id, own)[:_LONGEST],
        "monitor_only": policies.of(container).settings.monitor_only,
    }


def _take(row: Container, listed: Mapping[str, Any]) -> bool:
    """Bring a row up to its list entry; True if anything is new."""
    facts = dict(listed)
    if row.image_id == facts["image_id"]:
        facts["image"] = row.image  # The list shows an id once the tag moved away.
    if row.container_id != facts["container_id"]:
        facts["ties"] = None  # They were those of the container before.
    changed = any(getattr(row, name) != value for name, value in facts.items())
    for name, value in facts.items():
        setattr(row, name, value)
    return changed
