"""A schedule is carried out now because a person says so; so is the upkeep."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Host, Schedule, UpdateRun, Upkeep
from updates.tasks import tick


def plan(**facts: object) -> Schedule:
    defaults: dict[str, object] = {"name": "nightly", "when": "@daily"}
    row = Schedule(**defaults | facts)
    row.plan(timezone.now())
    row.save()
    return row


def test_it_starts_a_run_and_the_next_tick_comes_as_planned(
    admin_client: Client, admin_user: User, host: Host
) -> None:
    row = plan(names="web")
    answer = admin_client.post(f"/schedules/{row.pk}/run/")
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    assert (run.user, run.trigger, run.parameters().names) == (admin_user, "page", ("web",))
    after = Schedule.objects.get()
    assert after.next_at == row.next_at
    assert after.last_tick is not None
    assert after.last_tick.run == run


def test_a_closed_window_counts(admin_client: Client, host: Host) -> None:
    hour = timedelta(hours=1)
    now = timezone.now()
    row = plan(window_begins=(now + hour).time(), window_ends=(now + 2 * hour).time())
    page = admin_client.post(f"/schedules/{row.pk}/run/", follow=True).content.decode()
    assert UpdateRun.objects.get().kind == "scan"
    assert "The window for changes is closed" in page


def test_without_a_host_it_says_so(admin_client: Client, db: None) -> None:
    row = plan()
    page = admin_client.post(f"/schedules/{row.pk}/run/", follow=True).content.decode()
    assert "None of its hosts is enabled." in page
    assert not UpdateRun.objects.exists()


@pytest.mark.parametrize("address", ["/schedules/{}/run/", "/schedules/upkeep/"])
def test_who_may_not_start_runs_may_not_do_it(
    admin_user: User, address: str, client: Client
) -> None:
    row = plan()
    client.force_login(User.objects.create(username="nobody"))
    assert client.post(address.format(row.pk)).status_code == 403


def test_the_page_says_when_the_upkeep_last_ran_and_how_long(
    admin_client: Client, db: None
) -> None:
    assert "has not run yet" in rows.text(admin_client, "/schedules/")
    tick.func()
    assert {row.job for row in Upkeep.objects.all()} == {"recovery", "clean-up", "messages"}
    page = rows.text(admin_client, "/schedules/")
    assert "has not run yet" not in page
    assert "just now</time>, took 0." in page


def test_the_page_says_how_long_the_last_run_took(admin_client: Client, host: Host) -> None:
    row = plan()
    admin_client.post(f"/schedules/{row.pk}/run/")
    now = timezone.now()
    UpdateRun.objects.update(
        state="finished",
        created_at=now,
        started_at=now,
        finished_at=now + timedelta(seconds=75),
    )
    assert "finished in 1 min 15 s" in rows.text(admin_client, "/schedules/")
