"""A host is tested, switched and deleted on its page."""

from django.test import Client
from django.utils import timezone

from tests.fakes.engine_server import LISTED, EngineServer
from tests.views import rows
from updates.models import Host, Policy, Schedule
from updates.models.run import RunState


def test_the_test_shows_its_steps_in_the_page_or_alone(admin_client: Client, host: Host) -> None:
    with EngineServer(answers=dict(LISTED)) as server:
        Host.objects.update(url=server.url)
        address = f"/hosts/{host.pk}/test/"
        page = admin_client.post(address).content.decode()
        part = admin_client.post(address, headers={"HX-Request": "true"}).content.decode()
    for said in (page, part):
        assert "Docker 99.0; API 1.41 is spoken." in said
    assert "<h1>" in page
    assert "<h1>" not in part
    host.refresh_from_db()
    assert host.last_seen_at
    assert host.engine_version == "99.0"


def test_a_test_that_fails_is_noted_and_says_why(admin_client: Client, host: Host) -> None:
    page = admin_client.post(f"/hosts/{host.pk}/test/").content.decode()
    host.refresh_from_db()
    assert "there is no such socket" in host.last_error
    assert host.last_error in page


def test_a_host_is_switched_off_and_on(admin_client: Client, host: Host) -> None:
    admin_client.post(f"/hosts/{host.pk}/switch/", {"off": "1"})
    host.refresh_from_db()
    assert not host.enabled
    assert "every run leaves it out" in rows.text(admin_client, f"/hosts/{host.pk}/")
    admin_client.post(f"/hosts/{host.pk}/switch/", {"on": "1"})
    host.refresh_from_db()
    assert host.enabled


def test_what_is_lost_is_said_before_it_is(admin_client: Client, host: Host) -> None:
    rows.container(host, "web")
    rows.run(host)
    Schedule.objects.create(name="alone", when="@daily").hosts.set([host])
    page = rows.text(admin_client, f"/hosts/{host.pk}/delete/")
    for words in ("1 container,", "1 run,", "the schedule <a", "its containers run on"):
        assert words in page, words
    assert Host.objects.exists()
    admin_client.post(f"/hosts/{host.pk}/delete/")
    assert not Host.objects.exists()


def test_a_host_with_an_open_run_stays(admin_client: Client, host: Host) -> None:
    rows.run(host, RunState.RUNNING)
    answer = admin_client.post(f"/hosts/{host.pk}/delete/", follow=True)
    assert "A run is open on nas" in answer.content.decode()
    assert Host.objects.exists()


def test_the_page_says_what_is_set_for_it(admin_client: Client, host: Host) -> None:
    Schedule.objects.create(name="for-all", when="@daily", next_at=timezone.now())
    Policy.objects.create(host=host, values={"cleanup": True})
    page = rows.text(admin_client, f"/hosts/{host.pk}/")
    assert "for-all" in page
    assert "Settings for nas" in page
