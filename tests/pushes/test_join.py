"""Pushes that wait become one run for just the containers that they are about."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.pushes.hooks import LATER, waiting, webhook
from tests.views import rows
from updates.models import Container, Host, SchedulePause, UpdateRun, Webhook, WebhookDelivery
from updates.pushes import join
from updates.pushes.join import CLOSED, NOBODY, PAUSED, containers_on, trigger_waiting
from updates.runs.guard import FAULT
from updates.webhooks.message import Push

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NIGHT: dict[str, Any] = {"window_begins": time(22), "window_ends": time(23), "zone": "UTC"}
UPDATE = Webhook.Action.UPDATE


def go() -> list[UpdateRun]:
    """What the clock does a little later: the runs that came of it."""
    before = set(UpdateRun.objects.values_list("pk", flat=True))
    trigger_waiting(timezone.now() + LATER)
    return list(UpdateRun.objects.exclude(pk__in=before).order_by("pk"))


def names(run: UpdateRun) -> set[str]:
    return set(run.parameters().names)


@pytest.fixture
def fleet(host: Host) -> Host:
    """web and api on shop/app:1, old on another tag, db on another image; web on a second host."""
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    for place, name, image in (
        (host, "web", "ghcr.io/shop/app:1"),
        (host, "api", "ghcr.io/shop/app:1"),
        (host, "old", "ghcr.io/shop/app:0"),
        (host, "db", "postgres:17"),
        (attic, "web", "ghcr.io/shop/app:1"),
    ):
        rows.container(place, name, image=image)
    return host


def test_a_push_is_followed_by_a_check_of_what_runs_it_on_every_host(fleet: Host) -> None:
    row = waiting(webhook(), "ghcr.io/shop/app:1")
    [run] = go()
    assert names(run) == {"nas/web", "nas/api", "attic/web"}
    assert (run.kind, run.trigger, run.user) == ("scan", "webhook", None)
    params = run.parameters()
    assert params.max_age_s == 0, "what is known from before does not count"
    assert params.are_exact, "a name is one name"
    assert OrmQ.objects.count() == 2
    row.refresh_from_db()
    assert (row.run, row.outcome, row.reason) == (run, "started", "")


def test_a_push_without_a_tag_is_about_the_repository(fleet: Host) -> None:
    waiting(webhook(), "ghcr.io/shop/app")
    [run] = go()
    assert names(run) == {"nas/web", "nas/api", "attic/web", "nas/old"}


def test_a_short_name_is_found_by_its_whole_one(fleet: Host) -> None:
    waiting(webhook(), "docker.io/library/postgres:17")
    [run] = go()
    assert names(run) == {"nas/db"}


def test_what_came_within_a_second_is_one_run(fleet: Host) -> None:
    hook = webhook()
    for tag in ("0", "1", "latest", "1.4", "1.4.2"):
        waiting(hook, f"ghcr.io/shop/app:{tag}")
    waiting(webhook(), "docker.io/library/postgres:17", "ghcr.io/shop/app:1")
    [run] = go()
    assert names(run) == {"nas/web", "nas/api", "attic/web", "nas/old", "nas/db"}
    assert OrmQ.objects.count() == 2
    found = WebhookDelivery.objects.order_by("pk").values_list("run", "outcome")
    nothing = (None, "unmatched")
    started = (run.pk, "started")
    assert list(found) == [started, started, nothing, nothing, nothing, started]


def test_it_waits_for_others_and_no_longer(fleet: Host) -> None:
    now = timezone.now()
    hook = webhook()
    waiting(hook, "ghcr.io/shop/app:1", at=now)
    assert trigger_waiting(now + timedelta(seconds=0.9)) == 0
    waiting(hook, "ghcr.io/shop/app:0", at=now + timedelta(seconds=0.9))
    assert trigger_waiting(now + timedelta(seconds=1)) == 2
    assert trigger_waiting(now + timedelta(seconds=9)) == 0
    assert UpdateRun.objects.count() == 1


def test_a_push_that_nothing_runs_is_recorded_and_starts_nothing(fleet: Host) -> None:
    Host.objects.filter(name="attic").update(enabled=False)
    Container.objects.exclude(host__name="attic").delete()
    row = waiting(webhook(), "ghcr.io/shop/app:1")
    assert go() == []
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.run) == ("unmatched", NOBODY, None)


def test_one_that_updates_and_one_that_checks_are_two_runs(fleet: Host) -> None:
    checks = waiting(webhook(), "ghcr.io/shop/app")
    updates = waiting(webhook(action=UPDATE), "ghcr.io/shop/app:1")
    same = waiting(webhook(), "ghcr.io/shop/app:1")
    update, check = go()
    assert (update.kind, names(update)) == ("update", {"nas/web", "nas/api", "attic/web"})
    assert (check.kind, names(check)) == ("scan", {"nas/old"}), "an update checks as well"
    for row, run in ((checks, check), (updates, update), (same, update)):
        row.refresh_from_db()
        assert row.run == run


def test_outside_of_its_window_a_push_is_only_checked(fleet: Host) -> None:
    row = waiting(webhook(action=UPDATE, **NIGHT), "ghcr.io/shop/app:1", at=NOON)
    trigger_waiting(NOON + LATER)
    row.refresh_from_db()
    assert row.run is not None
    assert (row.run.kind, row.reason) == ("scan", CLOSED)
    late = NOON.replace(hour=22)
    row = waiting(row.webhook, "ghcr.io/shop/app:1", at=late)
    trigger_waiting(late + LATER)
    row.refresh_from_db()
    assert row.run is not None
    assert (row.run.kind, row.reason) == ("update", "")


def test_while_everything_is_paused_a_push_is_only_checked(fleet: Host) -> None:
    SchedulePause.objects.create(pk=1)
    row = waiting(webhook(action=UPDATE), "ghcr.io/shop/app:1")
    [run] = go()
    row.refresh_from_db()
    assert (run.kind, row.reason) == ("scan", PAUSED)


def test_a_time_zone_that_is_gone_is_a_closed_window(fleet: Host) -> None:
    row = waiting(webhook(action=UPDATE, **NIGHT | {"zone": "Mars"}), "ghcr.io/shop/app:1")
    [run] = go()
    row.refresh_from_db()
    assert run.kind == "scan"
    assert "is no time zone" in row.reason


def test_a_fault_of_ours_ends_what_waits_and_not_the_clock(fleet: Host) -> None:
    hook = webhook()
    old = waiting(hook, "no image", at=timezone.now() - timedelta(minutes=2))
    new = waiting(hook, "ghcr.io/shop/app:1")
    assert go() == []
    for row, outcome in ((old, "failed"), (new, "waiting")):
        row.refresh_from_db()
        assert row.outcome == outcome
    assert WebhookDelivery.objects.get(pk=old.pk).reason == FAULT
    assert len(go()) == 1


def test_many_pushes_cost_one_query(fleet: Host, django_assert_num_queries: Any) -> None:
    few = [Push.of(f"ghcr.io/shop/app:{number}") for number in range(10)]
    many = [Push.of(f"ghcr.io/shop/app-{number}") for number in range(join._MOST_NAMES + 1)]
    for pushes in (few, [*few, *many]):
        with django_assert_num_queries(1):
            found = containers_on(pushes)
        assert {one.name for one in found[few[1]]} == {"web", "api"}
