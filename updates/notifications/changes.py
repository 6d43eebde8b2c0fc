"""What a host run's rows mean: the states of its containers, its host and the registries.

Nothing is remembered here: the same rows always give the same changes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone

from updates.models import ContainerResult, HostRun, Registry, Replacement
from updates.models.channel import Event
from updates.models.run import RunState
from updates.notifications.happening import Happening, happening

_NUMBERS = re.compile(r"[0-9a-f]*\d[0-9a-f]*")
_EVENTS = {
    "updated": Event.UPDATED,
    "restarted": Event.RESTARTED,
    "rolled_back": Event.ROLLED_BACK,
    "failed": Event.FAILED,
    "skipped": Event.SKIPPED,
    "stale": Event.UPDATE_AVAILABLE,
}
_FACTS = ("image", "reason", "old_image_id", "new_image_id", "old_digest", "new_digest")
_VERSIONS = ("old_version", "new_version")


class Topic(StrEnum):
    """What of a subject has a state."""

    UPDATE = "update"  # the digest that is available
    TROUBLE = "trouble"  # a failed update, and of which digest
    CHECK = "check"  # why it is skipped
    AWAY = "away"  # why a host or a registry cannot be asked
    RUN = "run"  # why a host run was broken off


@dataclass(frozen=True, slots=True)
class Change:
    """A subject's topic has this value; "" is all well.

    `news` is told if the value is another than the one told before; `every_time`: even if not.
    `good_news` is told if the value is "" and was not before. `host_id` None: it is of no host.
    """

    subject: str
    topic: Topic
    value: str
    host_id: int | None
    news: Happening | None = None
    good_news: Happening | None = None
    every_time: bool = False


def changes_of(host_run: HostRun) -> list[Change]:
    """All that a host run brought, and what recovery brought for others while it went."""
    found = list(_of_host(host_run))
    for result in _results(host_run):
        found.extend(of_result(result, host_run))
    found.extend(_of_registries(host_run))
    return found


def _results(host_run: HostRun) -> Iterable[ContainerResult]:
    yield from host_run.results.order_by("name")
    if host_run.started_at is None:
        return
    # What an interrupted run left open is put right by the next one on its host.
    span = (host_run.started_at, host_run.finished_at or timezone.now())
    others = Replacement.objects.filter(host_run__host=host_run.host_id, closed_at__range=span)
    for row in others.exclude(host_run=host_run).only("host_run_id", "old_id"):
        yield from ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)


def of_result(result: ContainerResult, host_run: HostRun) -> Iterator[Change]:
    """The changes that one container's result stands for."""
    subject = f"container {host_run.host}/{result.name}"
    host_id, digest = host_run.host_id, result.new_digest or result.new_image_id or "local"

    def change(topic: Topic, value: str, *, is_news: bool = False, each: bool = False) -> Change:
        news = news_of(result, host_run) if is_news else None
        return Change(subject, topic, value, host_id, news, every_time=each)

    if result.state in ("failed", "rolled_back"):
        yield change(Topic.TROUBLE, f"{result.state} {digest}", is_news=True)
    elif result.state == "skipped":
        yield change(Topic.CHECK, _numberless(result.reason), is_news=True)
    elif result.state == "stale":
        yield change(Topic.UPDATE, digest, is_news=True)
        yield change(Topic.CHECK, "")
    elif result.state == "restarted":
        yield change(Topic.TROUBLE, "", is_news=True, each=True)
    elif result.state in ("updated", "fresh"):
        is_update = result.state == "updated"
        yield change(Topic.TROUBLE, "", is_news=is_update, each=is_update)
        yield change(Topic.CHECK, "")
        yield change(Topic.UPDATE, digest if is_update else "")


def _numberless(reason: str) -> str:
    """A reason without what differs each time: counters, seconds, ids. "?" if nothing is left."""
    return _NUMBERS.sub("#", reason)[:300] or "?"


def news_of(result: ContainerResult, host_run: HostRun) -> Happening | None:
    """A result as news; None for one that is as it should be."""
    event = _EVENTS.get(result.state)
    if event is None:
        return None
    facts: dict[str, Any] = {name: getattr(result, name) for name in (*_FACTS, *_VERSIONS)}
    place = f"{host_run.host}/{result.name}"
    return happening(
        event,
        f"{place}: {_said(event, result)}",
        _at(host_run),
        host_run.run_id,
        host=host_run.host.name,
        container=result.name,
        **facts,
    )


def _said(event: Event, result: ContainerResult) -> str:
    image = f"{result.image}{_versions(result)}"
    if event is Event.UPDATE_AVAILABLE:
        return f"an update of {image} is available."
    if event is Event.UPDATED:
        return f"updated to the new {image}."
    words = f"{event.label.lower()} ({image})."
    return f"{words} {result.reason}".strip()


def _versions(result: ContainerResult) -> str:
    old, new = result.old_version, result.new_version
    return f" ({old or '?'} → {new})" if new and new != old else ""


def _at(host_run: HostRun) -> str:
    return (host_run.finished_at or timezone.now()).isoformat(timespec="seconds")


def _of_host(host_run: HostRun) -> Iterator[Change]:
    """Whether its engine could be reached, and whether its part was carried out."""
    host, at, run = host_run.host, _at(host_run), host_run.run_id
    is_away = host_run.state == RunState.FAILED and host_run.error == host.last_error != ""
    is_over = host_run.state == RunState.FINISHED
    subject, name = f"host {host}", {"host": host.name}
    if is_away:
        why = {"reason": host_run.error}
        sentence = f"The host {host} cannot be reached. {host_run.error}"
        news = happening(Event.HOST_AWAY, sentence, at, run, **name, **why)
        yield Change(subject, Topic.AWAY, "away", host.pk, news)
    elif is_over:
        back = happening(Event.HOST_BACK, f"The host {host} is back.", at, run, **name)
        yield Change(subject, Topic.AWAY, "", host.pk, good_news=back)
        yield Change(subject, Topic.RUN, "", host.pk)
    elif host_run.state != RunState.CANCELLED:  # Which somebody wanted.
        sentence = f"Run {run} was broken off on the host {host}. {host_run.error}"
        news = happening(Event.RUN_FAILED, sentence, at, run, **name, reason=host_run.error)
        yield Change(subject, Topic.RUN, _numberless(host_run.error), host.pk, news)


def _of_registries(host_run: HostRun) -> Iterator[Change]:
    """How registries are, as far as they have answered or failed since the run was asked for."""
    at, run = _at(host_run), host_run.run_id
    rows = Registry.objects.only("domain", "failed_at", "answered_at", "paused_until", "last_error")
    for row in rows:
        subject = f"registry {row.domain}"
        if row.is_failing and not row.is_paused:
            sentence = f"The registry {row.domain} fails. {row.last_error}"
            news = happening(Event.REGISTRY_FAILING, sentence, at, run, reason=row.last_error)
            yield Change(subject, Topic.AWAY, "failing", None, news)
        elif not row.is_failing and row.answered_at:
            back = happening(
                Event.REGISTRY_BACK, f"The registry {row.domain} answers again.", at, run
            )
            yield Change(subject, Topic.AWAY, "", None, good_news=back)
