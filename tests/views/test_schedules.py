"""Schedules on the pages: list, switch, form, preview, rights."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.schedules.plans import schedule
from tests.views import rows
from tests.views.test_registry_form import errors
from updates.models import Host, Schedule, SchedulePause, ScheduleTick

ADD = "/schedules/add/"


def sent(**changes: Any) -> dict[str, Any]:
    form = {"name": "nightly", "enabled": "on", "kind": "update", "when": "0 4 * * *"}
    return form | {"zone": "Europe/Berlin"} | changes


def test_one_is_added_and_told_in_words(admin_client: Client, host: Host) -> None:
    rows.container(host, "web-1")
    assert "No schedules yet" in rows.text(admin_client, "/schedules/")
    answer = admin_client.post(ADD, sent(hosts=[host.pk], names="web-*"), follow=True)
    assert "Every day at 04:00 (Europe/Berlin)" in answer.text
    assert "web-* on nas" in answer.text
    row = Schedule.objects.get()
    assert row.next_at is not None
    assert row.next_at > timezone.now()
    assert "Every day at 04:00" in rows.text(admin_client, "/")


def test_the_next_run_is_told_in_the_schedules_own_zone(admin_client: Client, host: Host) -> None:
    schedule(next_at=datetime(2030, 1, 1, 3, tzinfo=UTC), zone="Asia/Tokyo")
    page = rows.text(admin_client, "/schedules/").replace("<wbr>", "")
    assert "2030-01-01 12:00</span> (Asia/Tokyo)" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"when": "61 * * * *"}, "when", "is no cron expression"),
        ({"when": "0 0 30 2 *"}, "when", "That day never comes"),
        ({"when": ""}, "when", "required"),
        ({"zone": "Mars"}, "zone", "is no time zone"),
        ({"window_begins": "04:00", "window_ends": "04:00"}, "window_ends", "never be open"),
        ({"window_begins": "04:00"}, "window_ends", "give both"),
        ({"kind": "scan", "window_days": ["6"]}, "window_begins", "needs no window"),
        ({"window_days": ["9"]}, "window_days", "valid choice"),
        ({"window_begins": "25:00", "window_ends": "3"}, "window_begins", "valid time"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    admin_client: Client, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = admin_client.post(ADD, sent(**changes))
    assert answer.status_code == 200
    assert sentence in errors(answer.text)[field]
    assert not Schedule.objects.exists()


def test_a_change_plans_it_anew_and_another_name_does_not(admin_client: Client, host: Host) -> None:
    row = schedule()
    address = f"/schedules/{row.pk}/"
    admin_client.post(address, sent(name="other", when="1h", zone="UTC"))
    row.refresh_from_db()
    before = row.next_at
    assert row.name == "other"
    admin_client.post(address, sent(name="other", when="2h", zone="UTC"))
    row.refresh_from_db()
    assert row.next_at != before


def test_the_preview_shows_five_ticks_or_the_fault(admin_client: Client) -> None:
    window = {"window_begins": "22:00", "window_ends": "23:00"}
    page = admin_client.get("/schedules/preview/", sent(**window)).text
    assert page.count("<li>") == 5
    assert "Scan only" in page
    assert "<html" not in page
    assert "is no interval" in admin_client.get("/schedules/preview/", {"when": "soon"}).text


def test_everything_is_paused_and_goes_on(admin_client: Client, host: Host) -> None:
    row = schedule()
    admin_client.post("/schedules/pause/")
    assert SchedulePause.objects.get().user is not None
    assert "Every schedule is paused" in rows.text(admin_client, "/schedules/")
    admin_client.post("/schedules/pause/", {"resume": "1"})
    assert not SchedulePause.objects.exists()
    row.refresh_from_db()
    assert row.next_at is not None
    assert row.next_at > timezone.now()


def test_one_is_turned_off_and_on_and_deleted(admin_client: Client, host: Host) -> None:
    row = schedule()
    admin_client.post(f"/schedules/{row.pk}/switch/", {"off": "1"})
    row.refresh_from_db()
    assert (row.enabled, row.next_at) == (False, None)
    admin_client.post(f"/schedules/{row.pk}/switch/", {"on": "1"})
    row.refresh_from_db()
    assert row.enabled
    assert row.next_at is not None
    assert "Delete nightly?" in rows.text(admin_client, f"/schedules/{row.pk}/delete/")
    admin_client.post(f"/schedules/{row.pk}/delete/")
    assert not Schedule.objects.exists()


def test_what_was_skipped_says_why(admin_client: Client, host: Host) -> None:
    row = schedule()
    tick = ScheduleTick.objects.create(
        schedule=row, due_at=timezone.now(), kind="scan", outcome="skipped", reason="nas is busy."
    )
    Schedule.objects.update(last_tick=tick)
    page = rows.text(admin_client, "/schedules/")
    assert "Skipped" in page
    assert "nas is busy." in page


def test_rights_are_asked_for(clerk: Callable[..., Client], host: Host) -> None:
    row = schedule()
    nobody, viewer = clerk(), clerk("view_schedule")
    assert nobody.get("/schedules/").status_code == 403
    assert nobody.get("/schedules/preview/").status_code == 403
    assert viewer.get("/schedules/").status_code == 200
    assert viewer.get(f"/schedules/{row.pk}/").status_code == 200
    assert viewer.get(ADD).status_code == 403
    for address in (f"/schedules/{row.pk}/", "/schedules/pause/", f"/schedules/{row.pk}/switch/"):
        assert viewer.post(address, sent()).status_code == 403
    assert viewer.post(f"/schedules/{row.pk}/delete/").status_code == 403
    assert Schedule.objects.get().name == row.name
