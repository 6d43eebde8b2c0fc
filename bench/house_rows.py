"""What stands around the fleet after years: a registry, schedules, channels, trails.

For processes that have set up Django, with hosts, containers and runs in the database.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from updates.flow.session import Kind, State
from updates.models import (
    AuditEntry,
    Channel,
    Container,
    Delivery,
    HourCount,
    Registry,
    RegistryToken,
    RemoteDigest,
    RunEvent,
    Schedule,
    UpdateRun,
    Webhook,
    WebhookDelivery,
)

DOMAIN = "registry.example.com"
_FEW, _MANY = 20, 2000
_DIGEST = "sha256:" + "1f" * 32


def fill() -> dict[str, int]:
    """The keys of those that pages are about."""
    now = timezone.now()
    registry = Registry.objects.create(domain=DOMAIN, latency_ms=40, answered_at=now)
    images = Container.objects.order_by().values_list("image", flat=True).distinct()
    RemoteDigest.objects.bulk_create(
        RemoteDigest(reference=one, digest=_DIGEST, checked_at=now, answered_at=now, due_at=now)
        for one in images
    )
    RegistryToken.objects.bulk_create(_tokens())
    schedules = Schedule.objects.bulk_create(_schedules())
    channels = Channel.objects.bulk_create(Channel(name=f"channel {n}") for n in range(_FEW))
    webhooks = [Webhook.objects.create(name=f"hook {n}", kind="distribution") for n in range(_FEW)]
    Delivery.objects.bulk_create(
        Delivery(channel=channels[0], state="sent", title=f"title {n}", text="text")
        for n in range(_MANY)
    )
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhooks[0], event="push", fingerprint=f"{n:064}")
        for n in range(_MANY)
    )
    AuditEntry.objects.bulk_create(_trail())
    HourCount.objects.bulk_create(_hours())
    RunEvent.objects.bulk_create(_events())
    return {
        "registry": registry.pk,
        "schedule": schedules[0].pk,
        "channel": channels[0].pk,
        "webhook": webhooks[0].pk,
    }


def _tokens() -> Iterator[RegistryToken]:
    end = timezone.now() + timedelta(minutes=5)
    for number in range(_MANY):
        yield RegistryToken(
            registry=DOMAIN,
            realm=f"https://{DOMAIN}/token",
            scope=f"repository:team/app-{number}:pull",
            expires_at=end,
        )


def _schedules() -> Iterator[Schedule]:
    for number in range(_FEW):
        at = timezone.now() + timedelta(minutes=number)
        yield Schedule(name=f"schedule {number}", kind=Kind.SCAN, when="15 4 * * *", next_at=at)


def _trail() -> Iterator[AuditEntry]:
    for number in range(10 * _MANY):
        facts = {"username": "somebody", "origin": "page", "deed": "changed"}
        yield AuditEntry(**facts, subject=f"Registry {number}", changes=[["kind", "a", "b"]])


def _hours() -> Iterator[HourCount]:
    """Of the last 30 days."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(30 * 24):
        for state in (State.UPDATED, State.FAILED, State.ROLLED_BACK):
            yield HourCount(hour=hour - timedelta(hours=number), state=state, number=number % 7)


def _events() -> Iterator[RunEvent]:
    """Of the last run."""
    part = UpdateRun.objects.latest("pk").host_runs.earliest("pk")
    for number in range(_MANY):
        yield RunEvent(host_run=part, container=f"app-{number % 100}", message="Pulling")
