"""Where registries deliver: open to the world, and to nothing but what proves itself."""

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.pushes.hooks import SECRET, webhook
from tests.webhooks import bodies
from updates.models import Webhook, WebhookDelivery
from updates.models.webhook import MAX_PER_TURN
from updates.views.hook import MAX_BODY_BYTES
from updates.webhooks.senders import Kind

pytestmark = pytest.mark.django_db


def deliver(hook: Webhook, body: object, client: Client | None = None, **headers: str) -> Any:
    """From outside: no session, no token against forgery."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    outside = client or Client(enforce_csrf_checks=True)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    address = f"/hooks/{hook.address}/"
    return outside.post(address, data, content_type="application/json", headers=named)


def test_a_delivery_needs_no_login_and_no_token() -> None:
    answer = deliver(webhook(Kind.HARBOR), bodies.HARBOR, authorization=SECRET)
    assert (answer.status_code, answer.json()) == (202, {"outcome": "waiting", "reason": ""})
    assert WebhookDelivery.objects.get().pushes == ["hub.example.com/shop/debian:latest"]


def test_strangers_are_told_nothing_but_that_they_are() -> None:
    hook = webhook()
    missing, wrong = deliver(hook, b"{"), deliver(hook, b"{", authorization="Bearer x")
    assert (missing.status_code, wrong.status_code) == (401, 403)
    assert SECRET not in missing.text + wrong.text
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("address", ["x", "%00", "a" * 300, "ünknown", "x/y"])
def test_an_address_that_nobody_has_is_a_404(client: Client, address: str) -> None:
    assert client.post(f"/hooks/{address}/", b"{}", content_type="text/plain").status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_posts_are_taken(client: Client, method: str) -> None:
    assert getattr(client, method)(f"/hooks/{webhook().address}/").status_code == 405


def test_a_body_that_is_too_large_is_not_read() -> None:
    large = b" " * (MAX_BODY_BYTES + 1)
    answer = deliver(webhook(), large, authorization=f"Bearer {SECRET}")
    assert answer.status_code == 413
    fits = deliver(webhook(), large[1:], authorization=f"Bearer {SECRET}")
    assert fits.status_code == 400


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30, "²"])
def test_a_length_that_is_none_is_too_large(length: str) -> None:
    answer = Client().post(
        f"/hooks/{webhook().address}/", b"{}", content_type="text/plain", CONTENT_LENGTH=length
    )
    assert answer.status_code == 413


def test_who_sends_too_much_is_told_when_to_come_again() -> None:
    hook = webhook()
    deliver(hook, {"image": "a/b:1"}, authorization=f"Bearer {SECRET}")
    Webhook.objects.update(turns=MAX_PER_TURN)
    answer = deliver(hook, {"image": "a/b:2"}, authorization=f"Bearer {SECRET}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


NOT_GOOD: list[object] = [b"", b"{", b"\x00", b"\xff", [], {"image": "\x00"}, {"image": "\ud800/x"}]


@pytest.mark.parametrize("body", NOT_GOOD)
@pytest.mark.parametrize("kind", [Kind.GENERIC, Kind.DISTRIBUTION, Kind.HARBOR])
def test_no_body_breaks_it(kind: Kind, body: object) -> None:
    hook = webhook(kind)
    answer = deliver(hook, body, authorization=f"Bearer {SECRET}")
    assert answer.status_code == 400
    assert answer.json()["reason"].endswith(".")
    row = WebhookDelivery.objects.get()
    assert (row.outcome, row.reason) == ("malformed", answer.json()["reason"])


def test_no_log_line_has_the_secret_of_an_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    hook = webhook(Kind.QUAY)
    with caplog.at_level(logging.DEBUG):
        for secret in (SECRET, f"{SECRET}x"):
            client.post(
                f"/hooks/{hook.address}/?secret={secret}", b"{", content_type="application/json"
            )
    said = "\n".join(f"{one.getMessage()} {one.args}" for one in caplog.records)
    assert "Forbidden" in said
    assert SECRET not in said


def test_a_secret_that_no_key_opens_lets_nobody_in_and_says_so() -> None:
    hook = webhook()
    table = Webhook._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET secret = 'sealed with another key'")  # noqa: S608
    answer = deliver(hook, {"image": "a/b:1"}, authorization=f"Bearer {SECRET}")
    assert answer.status_code == 503
    assert "cannot be read" in answer.json()["reason"]
