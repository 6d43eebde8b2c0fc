"""Changes against what each channel was told before: what is new becomes a notice, once."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from updates.models import Channel, HostRun, Notice, Told
from updates.models.channel import Event
from updates.models.host_run import HostRunQuerySet
from updates.models.run import OPEN
from updates.notifications.changes import Change, changes_of
from updates.notifications.happening import Happening

logger = logging.getLogger(__name__)

# A host run whose run goes on, or whose task was lost, is told after this on its own.
WAITS_FOR_ITS_RUN = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)


def tell_run(run_id: int) -> None:
    """Tell of every host run of a run that is over."""
    for pk in _untold().filter(run=run_id).values_list("pk", flat=True):
        tell(pk)


def tell_late(now: datetime) -> None:
    """Tell of what nobody told of in time."""
    span = (now - FORGOTTEN_AFTER, now - WAITS_FOR_ITS_RUN)
    for pk in _untold().filter(finished_at__range=span).values_list("pk", flat=True):
        tell(pk)


def _untold() -> HostRunQuerySet:
    return HostRun.objects.exclude(state__in=OPEN).filter(told_at=None).order_by("pk")


def tell(host_run_id: int) -> int:
    """Write a notice for each channel and change of a host run; how many.

    One transaction, and the host run is told of once: a task that comes twice finds it done.
    """
    with transaction.atomic():
        # Held until the end, so that two workers do not both find a change new.
        channels = list(Channel.objects.enabled().select_for_update().order_by("pk"))
        rows = HostRun.objects.filter(pk=host_run_id, told_at=None)
        if not rows.update(told_at=timezone.now()):
            return 0
        host_run = HostRun.objects.select_related("host").get(pk=host_run_id)
        ended = host_run.finished_at or timezone.now()
        listening = [channel for channel in channels if channel.created_at <= ended]
        changes = changes_of(host_run) if listening else []
        count = sum(_tell_channel(channel, host_run, changes) for channel in listening)
    logger.info("told host_run=%d notices=%d", host_run_id, count)
    return count


def _tell_channel(channel: Channel, host_run: HostRun, changes: Sequence[Change]) -> int:
    hosts = set(channel.hosts.values_list("pk", flat=True))
    heard = [one for one in changes if _concerns(channel, hosts, one)]
    known = _known(channel, heard)
    news, memories = [], []
    for change in heard:
        before = known.get((change.subject, change.topic), "")
        happening = _to_tell(change, before)
        if happening is not None and not channel.wants(Event(happening.event)):
            if change.value:
                continue  # It was not told: whoever wants it later hears of it then.
            happening = None
        if happening is not None:
            news.append(happening)
        if change.value != before:
            memories.append(_memory(channel, change))
    _remember(memories)
    _write(channel, host_run, news)
    return len(news)


def _concerns(channel: Channel, hosts: set[int], change: Change) -> bool:
    """Whether it is of a host and a container that the channel is about; registries are for all."""
    if change.host_id is not None and hosts and change.host_id not in hosts:
        return False
    kind, _, name = change.subject.partition(" ")
    return kind != "container" or channel.covers(name.partition("/")[2])


def _known(channel: Channel, changes: Iterable[Change]) -> dict[tuple[str, str], str]:
    rows = Told.objects.filter(channel=channel, subject__in={one.subject for one in changes})
    return {(row.subject, row.topic): row.value for row in rows}


def _to_tell(change: Change, before: str) -> Happening | None:
    if change.every_time or (change.value and change.value != before):
        return change.news
    return change.good_news if before and not change.value else None


def _memory(channel: Channel, change: Change) -> Told:
    return Told(
        channel=channel,
        host_id=change.host_id,
        subject=change.subject,
        topic=change.topic,
        value=change.value,
    )


def _remember(memories: Sequence[Told]) -> None:
    Told.objects.bulk_create(
        {(one.subject, one.topic): one for one in memories}.values(),
        update_conflicts=True,
        unique_fields=["channel", "subject", "topic"],
        update_fields=["value", "at"],
    )


def _write(channel: Channel, host_run: HostRun, news: Sequence[Happening]) -> None:
    Notice.objects.bulk_create(
        Notice(channel=channel, run_id=host_run.run_id, event=one.event, facts=one.to_json())
        for one in news
    )
