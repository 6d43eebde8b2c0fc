"""What is of no use any more goes; what somebody is at, or may want to see, stays."""

from datetime import timedelta

from django.utils import timezone

from tests.pushes.hooks import waiting, webhook
from updates.models import ImageConfig, ImagePlatforms, RegistryToken, RemoteDigest, WebhookDelivery
from updates.models.webhook_delivery import MOST_KEPT, REPLAYED_WITHIN
from updates.runs.keeper import LEASE
from updates.runs.prune import KEPT, prune
from updates.tasks import tick

HOUR = timedelta(hours=1)


def token(scope: str, **facts: object) -> RegistryToken:
    return RegistryToken.objects.create(registry="ghcr.io", realm="r", scope=scope, **facts)


def test_tokens_go_an_hour_after_they_expired(db: None) -> None:
    now = timezone.now()
    token("fresh", value="t", expires_at=now + HOUR)
    token("just expired", value="t", expires_at=now - HOUR / 2)
    token("old", value="t", expires_at=now - HOUR * 1.1)

    tick.call()

    assert set(RegistryToken.objects.values_list("scope", flat=True)) == {"fresh", "just expired"}


def test_a_row_that_never_got_a_token_goes_unless_it_is_being_fetched(db: None) -> None:
    now = timezone.now()
    token("abandoned")
    busy = token("busy")
    RegistryToken.claim_filling(busy.pk, by="me", lease=LEASE)
    RegistryToken.objects.update(created_at=now - HOUR * 2)
    token("new")

    prune()

    assert set(RegistryToken.objects.values_list("scope", flat=True)) == {"busy", "new"}


def test_answers_that_nobody_asked_for_in_months_go_with_their_platforms(db: None) -> None:
    now = timezone.now()
    for name, age in (("used", timedelta(0)), ("old", KEPT + HOUR)):
        RemoteDigest.objects.create(reference=name, digest=name, checked_at=now - age)
        ImagePlatforms.objects.create(digest=name, platforms=["linux/amd64"])
    busy = RemoteDigest.objects.create(reference="busy", checked_at=now - KEPT - HOUR)
    RemoteDigest.claim_filling(busy.pk, by="me", lease=LEASE)
    RemoteDigest.objects.create(reference="left by a dead asker")
    ImagePlatforms.objects.update(read_at=now - KEPT - HOUR)

    prune()

    assert set(RemoteDigest.objects.values_list("reference", flat=True)) == {"used", "busy"}
    assert ImagePlatforms.objects.get().digest == "used"


def test_deliveries_of_webhooks_go_when_they_are_old_or_too_many(db: None) -> None:
    now = timezone.now()
    busy, quiet = webhook(), webhook()
    rows = [
        WebhookDelivery(webhook=busy, fingerprint="x", received_at=now - REPLAYED_WITHIN * 2)
        for _ in range(MOST_KEPT + 3)
    ]
    WebhookDelivery.objects.bulk_create(rows)
    kept = waiting(quiet, "docker.io/a/b:1", at=now - KEPT + HOUR)
    waiting(quiet, "docker.io/a/b:1", at=now - KEPT - HOUR)

    prune()

    assert busy.deliveries.count() == MOST_KEPT
    assert quiet.deliveries.get() == kept


def test_deliveries_that_tell_a_replay_stay_however_many(db: None) -> None:
    now, busy = timezone.now(), webhook()
    rows = [
        WebhookDelivery(webhook=busy, fingerprint="x", received_at=now - REPLAYED_WITHIN / 2)
        for _ in range(MOST_KEPT + 3)
    ]
    WebhookDelivery.objects.bulk_create(rows)
    prune()
    assert busy.deliveries.count() == MOST_KEPT + 3


def test_what_images_hold_is_read_again_after_months(db: None) -> None:
    for digest in ("old", "new"):
        ImageConfig.objects.create(digest=digest, platform="linux/amd64")
    ImageConfig.objects.filter(digest="old").update(read_at=timezone.now() - KEPT - HOUR)

    prune()

    assert ImageConfig.objects.get().digest == "new"
