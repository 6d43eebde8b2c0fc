"""What started a run, on its page."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.pushes.hooks import waiting, webhook
from tests.views import rows
from updates.models import ApiToken, Host, Schedule, UpdateRun, WebhookDelivery
from updates.models.api_token import Scope


@pytest.fixture
def nightly(host: Host) -> UpdateRun:
    now = timezone.now()
    schedule = Schedule.objects.create(name="nightly", when="@daily", next_at=now)
    run = rows.run(host, trigger="schedule")
    schedule.ticks.create(due_at=now, kind="update", outcome="started", run=run)
    return run


@pytest.fixture
def pushed(host: Host) -> UpdateRun:
    run = rows.run(host, trigger="webhook")
    delivery = waiting(webhook(name="hub pushes"), "docker.io/a/b:1")
    WebhookDelivery.objects.filter(pk=delivery.pk).update(run=run, outcome="started")
    return run


def test_a_schedule_is_named_with_the_way_to_it(
    clerk: Callable[..., Client], nightly: UpdateRun
) -> None:
    link = f'<a href="{Schedule.objects.get().get_absolute_url()}">nightly</a>'
    address = f"/runs/{nightly.pk}/"
    assert link in rows.text(clerk("view_schedule"), address)
    assert "nightly" not in rows.text(clerk(), address)


def test_a_webhook_is_named_with_the_way_to_it(
    clerk: Callable[..., Client], pushed: UpdateRun
) -> None:
    address = f"/runs/{pushed.pk}/"
    assert ">hub pushes</a>" in rows.text(clerk("view_webhook"), address)
    assert "hub pushes" not in rows.text(clerk(), address)


def test_a_token_is_named_to_its_owner_and_to_those_who_may_see_tokens(
    clerk: Callable[..., Client], client: Client, host: Host
) -> None:
    owner = User.objects.create(username="anna")
    token, secret = ApiToken.objects.issue(owner, "pipeline", Scope.UPDATE)
    run = rows.run(host, trigger="api", user=owner, api_token=token)
    address = f"/runs/{run.pk}/"
    client.force_login(owner)
    for who in (client, clerk("view_apitoken")):
        text = rows.text(who, address)
        assert '<a href="/api-tokens/">pipeline (anna)</a>' in text
        assert secret not in text
    others = rows.text(clerk(), address)
    assert "API token, anna" in others
    assert "pipeline" not in others


@pytest.mark.parametrize("trigger", ["schedule", "webhook", "api", "command"])
def test_where_nobody_knows_the_word_is_all(trigger: str, admin_client: Client, host: Host) -> None:
    run = rows.run(host, trigger=trigger)
    assert f"<dd>{run.get_trigger_display()}</dd>" in rows.text(admin_client, f"/runs/{run.pk}/")
