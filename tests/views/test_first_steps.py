"""The first steps: an empty installation walks a person to its first scan and beyond."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.views import rows
from tests.views.test_query_growth import more_hosts, queries
from updates.models import Channel, Host, Preference, Schedule, UpdateRun
from updates.models.run import RunState


def states(client: Client, address: str = "/welcome/") -> list[str]:
    """The badge of each step."""
    page = rows.text(client, address)
    return re.findall(r'</h2>\s*<span class="badge \w+">([^<]+)</span>', page)


def do(client: Client, what: str, **sent: str) -> str:
    answer = client.post("/welcome/", {"do": what} | sent)
    assert answer.status_code in (200, 302), answer.status_code
    return answer.text if answer.status_code == 200 else str(answer.headers["Location"])


def test_an_empty_installation_shows_them_in_place_of_the_overview(admin_client: Client) -> None:
    assert states(admin_client, "/") == ["To do", "To do", "Waits", "To do", "To do"]
    assert "<h1>First steps</h1>" in rows.text(admin_client, "/")


def test_the_whole_walk(admin_client: Client, admin_user: User) -> None:
    sent = {"name": "local", "url": "unix:///var/run/docker.sock"}
    assert do(admin_client, "host", **sent) == "/welcome/"
    assert states(admin_client, "/")[:3] == ["Done", "To do", "To do"]
    do(admin_client, "skip", step="registry")
    assert states(admin_client)[1] == "Skipped"
    do(admin_client, "scan")
    run = UpdateRun.objects.get()
    assert (run.kind, run.user, run.parameters().max_age_s) == ("scan", admin_user, 0)
    assert states(admin_client)[2] == "Running"
    assert 'hx-get="/welcome/steps/"' in rows.text(admin_client, "/welcome/")
    UpdateRun.objects.update(state=RunState.FINISHED)
    Host.objects.update(scanned_at=timezone.now())
    assert "hx-get" not in rows.text(admin_client, "/welcome/steps/")
    do(admin_client, "schedule", way="nightly")
    Channel.objects.create(name="phone", url="json://x/y")
    assert states(admin_client) == ["Done", "Skipped", "Done", "Done", "Done"]
    assert "<h1>Overview</h1>" in rows.text(admin_client, "/")


def test_a_wrong_address_is_said_beside_its_field_and_saves_nothing(admin_client: Client) -> None:
    page = do(admin_client, "host", name="local", url="http//nonsense")
    assert 'id="id_url_error"' in page
    assert 'value="http//nonsense"' in page
    assert not Host.objects.exists()


@pytest.mark.parametrize(
    ("way", "kind", "when"),
    [("nightly", "update", "0 4 * * *"), ("weekly", "update", "0 4 * * 0"), ("look", "scan", "6h")],
)
def test_each_way_is_a_schedule_that_ticks_in_the_persons_zone(
    way: str, kind: str, when: str, admin_client: Client, admin_user: User
) -> None:
    Preference.objects.create(user=admin_user, time_zone="Asia/Tokyo")
    do(admin_client, "schedule", way=way)
    do(admin_client, "schedule", way=way)  # Pressed twice.
    row = Schedule.objects.get()
    assert (row.kind, row.when, row.zone) == (kind, when, "Asia/Tokyo")
    row.full_clean()
    assert row.next_at is not None
    assert row.next_at > timezone.now()


def test_without_a_choice_nothing_is_planned(admin_client: Client) -> None:
    assert "Choose one of them." in do(admin_client, "schedule")
    assert not Schedule.objects.exists()


def test_put_away_they_are_reached_by_the_menu_alone(admin_client: Client) -> None:
    assert do(admin_client, "dismiss") == "/"
    page = rows.text(admin_client, "/")
    assert "<h1>Overview</h1>" in page
    assert 'href="/welcome/"' in page
    assert "Leave them for later" not in rows.text(admin_client, "/welcome/")


def test_what_was_skipped_can_be_done_after_all(admin_client: Client) -> None:
    do(admin_client, "skip", step="notification")
    do(admin_client, "skip", step="host")
    do(admin_client, "skip", step="rest")
    assert states(admin_client) == ["To do", "To do", "Waits", "To do", "Skipped"]
    do(admin_client, "take up", step="notification")
    assert states(admin_client)[4] == "To do"


def test_the_pages_they_lead_to_lead_back_to_them(admin_client: Client, host: Host) -> None:
    way_back = "Back to the first steps"
    assert way_back not in rows.text(admin_client, "/registries/add/")
    rows.text(admin_client, "/welcome/")
    assert way_back in rows.text(admin_client, "/registries/add/")
    for address in ("/welcome/", "/containers/", "/runs/", "/settings/"):
        assert way_back not in rows.text(admin_client, address), address
    do(admin_client, "dismiss")
    assert way_back not in rows.text(admin_client, "/registries/add/")


def test_the_way_back_goes_when_it_is_not_wanted(admin_client: Client, host: Host) -> None:
    rows.text(admin_client, "/welcome/")
    assert do(admin_client, "leave", next="/registries/add/") == "/registries/add/"
    assert "Back to the first steps" not in rows.text(admin_client, "/registries/add/")
    assert do(admin_client, "leave", next="https://elsewhere.example/") == "/"


def test_the_way_back_ends_at_the_overview(admin_client: Client, host: Host) -> None:
    rows.text(admin_client, "/welcome/")
    Host.objects.update(scanned_at=timezone.now())
    rows.text(admin_client, "/")
    assert "Back to the first steps" not in rows.text(admin_client, "/registries/add/")


def test_nothing_is_done_for_who_may_not(clerk: Callable[..., Client], host: Host) -> None:
    looker = clerk()
    for what in ("host", "scan", "schedule"):
        assert looker.post("/welcome/", {"do": what, "way": "look"}).status_code == 403
    page = rows.text(looker, "/welcome/").split('id="steps"')[1]
    assert page.count("You may not do this") == 4
    assert "Scan now" not in page
    assert not UpdateRun.objects.exists()
    assert not Schedule.objects.exists()


def test_a_scan_without_an_enabled_host_says_what_to_do(admin_client: Client, host: Host) -> None:
    Host.objects.update(enabled=False)
    answer = admin_client.post("/welcome/", {"do": "scan"}, follow=True)
    assert "There is no enabled host" in answer.text


def test_the_steps_are_a_304_until_one_moves(admin_client: Client) -> None:
    etag = admin_client.get("/welcome/steps/").headers["ETag"]

    def status() -> int:
        return admin_client.get("/welcome/steps/", headers={"If-None-Match": etag}).status_code

    assert status() == 304
    Host.objects.create(name="nas", url="unix:///x.sock")
    assert status() == 200


def test_an_unknown_deed_changes_nothing(admin_client: Client) -> None:
    assert do(admin_client, "nonsense") == "/welcome/"


def test_ten_more_hosts_cost_no_more_queries(admin_client: Client, host: Host) -> None:
    rows.text(admin_client, "/welcome/")  # The session learns of the walk.
    before = queries(admin_client, "/welcome/")
    for number in range(10):
        more_hosts(host, number)
    assert queries(admin_client, "/welcome/") == before < 15
