"""What templates see: values only, which cannot be changed and hold no secret."""

import socket
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from updates.flow.session import State
from updates.models import Channel, ContainerResult, UpdateRun
from updates.notifications.happening import Happening

# Watchtower's order of all its lists, and what it calls ours.
_ORDER = ("updated", "restarted", "rolled_back", "failed", "skipped", "stale", "fresh")
_WORDS = {"rolled_back": "Failed", "restarted": "Updated"}
_WITH_ERROR = ("failed", "rolled_back", "skipped")
# More than anybody reads; a text is bounded by it.
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One container of the report. `error` is the reason of one that failed or was skipped."""

    host: str
    name: str
    image: str
    state: str
    watchtower_state: str
    reason: str
    error: str
    old_image_id: str
    new_image_id: str
    old_digest: str
    new_digest: str
    old_version: str
    new_version: str


@dataclass(frozen=True, slots=True)
class Report:
    """Watchtower's lists, by name; `all` in its order: updated first, fresh last."""

    all: tuple[Entry, ...]
    scanned: tuple[Entry, ...]
    fresh: tuple[Entry, ...]
    stale: tuple[Entry, ...]
    updated: tuple[Entry, ...]
    restarted: tuple[Entry, ...]
    rolled_back: tuple[Entry, ...]
    failed: tuple[Entry, ...]
    skipped: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are in each of the report's lists."""

    scanned: int
    fresh: int
    stale: int
    updated: int
    restarted: int
    rolled_back: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run; `url` is "" unless WATCHWEB_URL tells where the pages are."""

    number: int
    kind: str
    trigger: str
    state: str
    url: str


def context_of(
    channel: Channel, events: Sequence[Happening], run_ids: Collection[int]
) -> dict[str, Any]:
    """The names a template may use: summary, severity, hostname, events, report, counts, runs."""
    report = _report(_entries(channel, run_ids))
    return {
        "summary": summary(events),
        "severity": worst(events),
        "hostname": socket.gethostname(),
        "events": tuple(events[:MOST_EVENTS]),
        "report": report,
        "counts": Counts(*(len(getattr(report, name)) for name in Counts.__slots__)),
        "runs": tuple(_runs(run_ids)),
    }


def summary(events: Sequence[Happening]) -> str:
    """ "2 updated, 1 update failed", the most urgent first."""
    counted: dict[str, int] = {}
    for one in sorted(events, key=lambda one: -_rank(one.severity)):
        counted[one.label] = counted.get(one.label, 0) + 1
    words = (f"{n} {label[0].lower()}{label[1:]}" for label, n in counted.items())
    return ", ".join(words) or "nothing new"


def worst(events: Iterable[Happening]) -> str:
    return max((one.severity for one in events), key=_rank, default="info")


def _rank(severity: str) -> int:
    return ("info", "warning", "error").index(severity)


def _entries(channel: Channel, run_ids: Collection[int]) -> list[Entry]:
    """Each container that the channel is about, as the last of these runs left it."""
    rows = ContainerResult.objects.filter(host_run__run__in=run_ids).exclude(state="")
    if hosts := set(channel.hosts.values_list("pk", flat=True)) if channel.pk else set():
        rows = rows.filter(host_run__host__in=hosts)
    found: dict[tuple[str, str], Entry] = {}
    for row in rows.select_related("host_run__host").order_by("host_run__run", "pk"):
        if channel.covers(row.name):
            found[row.host_run.host.name, row.name] = _entry(row)
    return [found[key] for key in sorted(found)]


def _entry(row: ContainerResult) -> Entry:
    return Entry(
        host=row.host_run.host.name,
        name=row.name,
        image=row.image,
        state=row.state,
        watchtower_state=_WORDS.get(row.state, row.state.capitalize()),
        reason=row.reason,
        error=row.reason if row.state in _WITH_ERROR else "",
        old_image_id=row.old_image_id,
        new_image_id=row.new_image_id,
        old_digest=row.old_digest,
        new_digest=row.new_digest,
        old_version=row.old_version,
        new_version=row.new_version,
    )


def _report(entries: Sequence[Entry]) -> Report:
    lists = {state.value: tuple(one for one in entries if one.state == state) for state in State}
    return Report(
        all=tuple(one for name in _ORDER for one in lists[name]),
        scanned=tuple(one for one in entries if one.state != "skipped"),
        **lists,
    )


def _runs(run_ids: Collection[int]) -> Iterable[RunFacts]:
    for run in UpdateRun.objects.filter(pk__in=run_ids).order_by("pk"):
        url = f"{settings.WATCHWEB_URL}{run.get_absolute_url()}" if settings.WATCHWEB_URL else ""
        yield RunFacts(run.pk, run.kind, run.trigger, run.state, url)
