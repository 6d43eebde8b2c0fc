"""A delivery is let in by its proof, counted, kept once, and answered in words."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.pushes.hooks import SECRET, webhook
from tests.webhooks import bodies
from tests.webhooks.bodies import Json, arrival
from updates.models import Webhook, WebhookDelivery
from updates.models.webhook import MAX_PER_TURN, REFUSAL_PAUSE, TURN
from updates.models.webhook_delivery import REPLAYED_WITHIN
from updates.pushes.receive import Receipt, receive
from updates.webhooks.message import Arrival
from updates.webhooks.senders import Kind

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sent(document: object, secret: str = SECRET) -> Arrival:
    return arrival(document, authorization=f"Bearer {secret}")


def hub(number: int = 0, secret: str = SECRET) -> Arrival:
    """Docker Hub tells of a push; each number is another one."""
    pushed: Json = {**bodies.DOCKER_HUB["push_data"], "pushed_at": number}
    return arrival({**bodies.DOCKER_HUB, "push_data": pushed}, query={"secret": secret})


def test_a_push_is_kept_with_its_images_and_nothing_else_of_the_body() -> None:
    hook = webhook(Kind.DOCKER_HUB)
    assert receive(hook, hub(), NOW) == Receipt(202, "waiting")
    row = WebhookDelivery.objects.get()
    assert (row.pushes, row.event) == (["docker.io/example/app:latest"], "push")
    assert (row.outcome, row.received_at) == ("waiting", NOW)


def test_a_wrong_secret_leaves_no_row_but_a_word_for_who_sets_it_up() -> None:
    hook = webhook()
    assert receive(hook, arrival(b"{"), NOW).status == 401
    later = NOW + REFUSAL_PAUSE
    assert receive(hook, sent(b"{", "wrong"), later).status == 403
    hook.refresh_from_db()
    assert (hook.refused_at, hook.refusal[-1:]) == (later, ".")
    assert not WebhookDelivery.objects.exists()
    assert hook.turns == 0, "who has no secret uses up nobody's turns"


def test_refusals_in_a_row_are_written_once() -> None:
    hook = webhook()
    for second in range(5):
        receive(hook, sent(b"{", "wrong"), NOW + second * SECOND)
    hook.refresh_from_db()
    assert hook.refused_at == NOW


def test_what_cannot_be_read_is_recorded_with_its_reason() -> None:
    receipt = receive(webhook(), sent(b"{"), NOW)
    row = WebhookDelivery.objects.get()
    assert (receipt.status, row.outcome) == (400, "malformed")
    assert (
        receipt.reason
        == row.reason
        == ("The body is no JSON. Choose application/json at the sender.")
    )


def test_what_tells_of_no_push_is_ignored_with_its_reason() -> None:
    told = arrival({"type": "DELETE_ARTIFACT"}, authorization=SECRET)
    receipt = receive(webhook(Kind.HARBOR), told, NOW)
    assert (receipt.status, receipt.outcome) == (200, "ignored")
    assert "choose Artifact pushed" in WebhookDelivery.objects.get().reason


def test_what_is_ignored_time_and_again_is_one_row_until_something_else_comes() -> None:
    hook = webhook(Kind.DISTRIBUTION)
    [event] = bodies.DISTRIBUTION["events"]
    pulls = [sent({"events": [{**event, "action": "pull", "id": f"{n}"}]}) for n in range(4)]
    for pull in pulls[:3]:
        receive(hook, pull, NOW)
    receive(hook, sent(bodies.DISTRIBUTION), NOW)
    receive(hook, pulls[3], NOW + SECOND)
    receive(hook, sent({"events": []}), NOW + SECOND)
    found = WebhookDelivery.objects.order_by("pk").values_list("outcome", "event", "repeats")
    assert list(found) == [
        ("ignored", "pull", 2),
        ("waiting", "push", 0),
        ("ignored", "pull", 0),
        ("ignored", "", 0),
    ]


def test_a_webhook_that_is_off_ignores_pushes_and_takes_none_from_strangers() -> None:
    hook = webhook(enabled=False)
    receipt = receive(hook, sent({"image": "a/b:1"}), NOW)
    assert (receipt.status, receipt.outcome) == (200, "ignored")
    assert receipt.reason == "This webhook is turned off."
    assert receive(hook, sent({"image": "a/b:1"}, "wrong"), NOW).status == 403


def test_the_same_body_again_does_nothing_for_a_while() -> None:
    hook = webhook(Kind.DOCKER_HUB)
    receive(hook, hub(), NOW)
    again = receive(hook, hub(), NOW + REPLAYED_WITHIN - SECOND)
    assert (again.status, again.outcome) == (200, "repeated")
    assert WebhookDelivery.objects.get().repeats == 1
    assert receive(hook, hub(), NOW + REPLAYED_WITHIN).status == 202


def test_an_id_that_nobody_signed_makes_no_body_new() -> None:
    hook = webhook(Kind.HARBOR)
    for name in ("one", "two"):
        said = arrival(bodies.HARBOR, authorization=SECRET, x_delivery_id=name)
        receive(hook, said, NOW)
    assert WebhookDelivery.objects.count() == 1


def test_a_sender_without_times_may_push_the_same_again_soon() -> None:
    hook = webhook()
    receive(hook, sent({"image": "a/b:1"}), NOW)
    assert receive(hook, sent({"image": "a/b:1"}), NOW + SECOND).outcome == "repeated"
    assert receive(hook, sent({"image": "a/b:1"}), NOW + 11 * SECOND).outcome == "waiting"


def test_another_image_in_the_query_is_another_delivery() -> None:
    hook = webhook()
    for image in ("a/b:1", "a/b:2"):
        receive(hook, arrival(b"", query={"secret": SECRET, "image": image}), NOW)
    found = [row.pushes for row in WebhookDelivery.objects.order_by("pk")]
    assert found == [["docker.io/a/b:1"], ["docker.io/a/b:2"]]


def test_the_same_body_for_two_webhooks_is_two_deliveries() -> None:
    for _ in range(2):
        receive(webhook(Kind.DOCKER_HUB), hub(), NOW)
    assert WebhookDelivery.objects.count() == 2


def test_a_webhook_takes_so_many_a_minute_and_others_are_not_held_up() -> None:
    hook, other = webhook(Kind.DOCKER_HUB), webhook(Kind.DOCKER_HUB)
    receive(hook, hub(), NOW)
    Webhook.objects.filter(pk=hook.pk).update(turns=MAX_PER_TURN - 1)
    assert receive(hook, hub(1), NOW + SECOND).status == 202
    assert receive(hook, hub(2), NOW + SECOND).status == 429
    assert receive(other, hub(2), NOW + SECOND).status == 202
    assert WebhookDelivery.objects.filter(webhook=hook).count() == 2
    assert receive(hook, hub(2), NOW + TURN).status == 202


def test_the_registrys_address_is_that_of_containers() -> None:
    hook = webhook(Kind.DISTRIBUTION, domain="registry.example.com")
    receive(hook, sent(bodies.DISTRIBUTION), NOW)
    assert WebhookDelivery.objects.get().pushes == ["registry.example.com/shop/app:1.4"]
