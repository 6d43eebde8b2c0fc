"""Every page is there, empty and with rows."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.views import rows
from updates.flow.session import Kind
from updates.models import Container, Hold, Host, UpdateRun
from updates.models.run import RunState

LISTS = ("/", "/overview/", "/containers/", "/runs/")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/", "Add your first host"),
        ("/overview/", "Nothing is known yet"),
        ("/containers/", "No host yet"),
        ("/runs/", "No runs yet"),
    ],
)
def test_an_empty_page_says_what_comes_next(address: str, sentence: str, signed_in: Client) -> None:
    assert sentence in rows.text(signed_in, address)


def test_an_empty_host_says_so(signed_in: Client, host: Host) -> None:
    page = rows.text(signed_in, f"/hosts/{host.pk}/")
    assert "This host has not been scanned yet" in page
    assert "No run has been here yet." in page
    assert "Not seen yet" in page


def test_a_host_that_is_away_says_why(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    host.mark_failed("The engine cannot be reached.")
    for address in ("/", f"/hosts/{host.pk}/"):
        page = rows.text(signed_in, address)
        assert "The engine cannot be reached." in page
        assert ">Unreachable<" in page


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/hosts/77/", "/runs/77/", "/runs/77/live/", "/runs/77.json"]
)
def test_what_is_not_there_is_a_404_with_a_way_home(address: str, signed_in: Client) -> None:
    answer = signed_in.get(address)
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert 'href="/"' in answer.text


def test_a_fault_is_a_500_in_words(operator: User, host: Host) -> None:
    Host.objects.update(last_seen_at=None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE updates_container RENAME TO updates_gone")
    client = Client(raise_request_exception=False)
    client.force_login(operator)
    answer = client.get("/containers/")
    assert answer.status_code == 500
    assert "Something broke" in answer.text
    assert "updates_gone" not in answer.text


@pytest.mark.parametrize("address", LISTS)
def test_a_page_shows_what_there_is(address: str, signed_in: Client, host: Host) -> None:
    rows.container(host, "blog", status=Container.Status.UPDATE_AVAILABLE)
    shown = rows.run(host)
    page = rows.text(signed_in, address)
    assert "blog" in page or str(shown) in page


def test_the_pages_link_to_each_other(signed_in: Client, host: Host) -> None:
    rows.container(host, "blog", status=Container.Status.UPDATE_AVAILABLE)
    shown = rows.run(host)
    rows.result(shown, "blog")
    links = {
        "/": ("/containers/", "/runs/", f"/hosts/{host.pk}/", f"/runs/{shown.pk}/"),
        "/containers/": ("/", "/runs/", f"/hosts/{host.pk}/"),
        f"/hosts/{host.pk}/": ("/", f"/runs/{shown.pk}/"),
        "/runs/": ("/", f"/runs/{shown.pk}/"),
        f"/runs/{shown.pk}/": (
            "/runs/",
            f"/hosts/{host.pk}/",
            f"/runs/{shown.pk}.json",
            f"/hosts/{host.pk}/containers/blog/",
        ),
    }
    for address, targets in links.items():
        page = rows.text(signed_in, address)
        for target in targets:
            assert f'href="{target}"' in page, f"{address} has no link to {target}"


def test_an_administrator_is_led_to_the_hosts_and_the_registries_pages(
    admin_client: Client, host: Host
) -> None:
    rows.container(host, "web")
    registry = rows.registry(plain_http=True)
    page = rows.text(admin_client, "/")
    for target in ("/hosts/", "/registries/", f"/registries/{registry.pk}/"):
        assert f'href="{target}"' in page
    assert ">Insecure<" in page
    assert f"/hosts/{host.pk}/change/" in rows.text(admin_client, f"/hosts/{host.pk}/")


def test_who_may_not_use_the_admin_sees_no_way_to_it(signed_in: Client, host: Host) -> None:
    rows.registry()
    for address in ("/", f"/hosts/{host.pk}/", "/containers/"):
        assert "/admin/" not in rows.text(signed_in, address)


def test_the_newest_runs_come_first(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    shown = [rows.run(host) for _ in range(3)]
    for address in ("/runs/", f"/hosts/{host.pk}/"):
        page = rows.text(signed_in, address)
        places = [page.index(f'href="/runs/{run.pk}/"') for run in shown]
        assert places == sorted(places, reverse=True), address


def test_the_runs_are_filtered(signed_in: Client, host: Host) -> None:
    scan, update = rows.run(host, kind=Kind.SCAN), rows.run(host, RunState.FAILED)
    by_command = rows.run(host, kind=Kind.SCAN, trigger=UpdateRun.Trigger.COMMAND)
    for query, found in {
        "kind=update": [update],
        "state=finished": [scan, by_command],
        "trigger=command": [by_command],
        "kind=update&trigger=command": [],
    }.items():
        page = rows.text(signed_in, f"/runs/?{query}")
        assert [run for run in (scan, update, by_command) if f"/runs/{run.pk}/" in page] == found
    assert "No run fits these filters." in rows.text(signed_in, "/runs/?state=interrupted")


def test_the_overview_is_fetched_again_sooner_while_a_run_is_open(
    signed_in: Client, host: Host
) -> None:
    open_run = rows.run(host, RunState.RUNNING)
    assert 'hx-trigger="every 2s"' in rows.text(signed_in, "/overview/")
    UpdateRun.objects.filter(pk=open_run.pk).update(state=RunState.FINISHED)
    assert 'hx-trigger="every 20s"' in rows.text(signed_in, "/overview/")


def test_the_overview_is_a_304_until_something_moves(signed_in: Client, host: Host) -> None:
    web = rows.container(host, "web")
    etag = signed_in.get("/overview/").headers["ETag"]

    def status() -> int:
        return signed_in.get("/overview/", headers={"If-None-Match": etag}).status_code

    assert status() == 304
    Container.objects.filter(pk=web.pk).update(status=Container.Status.UPDATE_AVAILABLE)
    assert status() == 200


def test_the_overview_of_one_user_is_not_anothers(signed_in: Client, client: Client) -> None:
    etag = signed_in.get("/overview/").headers["ETag"]
    client.force_login(User.objects.create(username="other"))
    assert client.get("/overview/", headers={"If-None-Match": etag}).status_code == 200


def test_a_container_that_is_only_watched_has_no_button(signed_in: Client, host: Host) -> None:
    labels = {"com.centurylinklabs.watchtower.monitor-only": "true"}
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE, labels=labels)
    page = rows.text(signed_in, "/")
    assert "Monitor only" in page
    assert "Update web on nas" not in page


@pytest.mark.parametrize(("digest", "is_held"), [("", True), (rows.NEW_DIGEST, True), ("x", False)])
def test_a_container_that_is_held_has_no_button(
    signed_in: Client, host: Host, digest: str, is_held: bool
) -> None:
    update = Container.Status.UPDATE_AVAILABLE
    rows.container(host, "web", status=update, remote_digest=rows.NEW_DIGEST)
    Hold.objects.create(host=host, container="web", digest=digest, reason="It went back.")
    page = rows.text(signed_in, "/")
    assert ("Held</span>" in page) is is_held
    assert ("Update web on nas" in page) is not is_held
