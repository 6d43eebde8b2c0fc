"""The list of hosts: state, engine, counts, and what comes next."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Container, Host, Schedule


def test_a_row_says_how_the_host_is_and_what_is_on_it(signed_in: Client, host: Host) -> None:
    Host.objects.update(
        last_seen_at=timezone.now(),
        engine_version="27.3.1",
        api_version="1.47",
        engine_info={"os": "linux", "arch": "arm64"},
        latency_ms=12,
        queue="cellar",
    )
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "db", status=Container.Status.UNKNOWN)
    soon = timezone.now() + timedelta(hours=3, minutes=1)
    Schedule.objects.create(name="nightly", when="@daily", next_at=soon)
    page = rows.text(signed_in, "/hosts/")
    for words in (
        *("Reachable", "Docker 27.3.1", "API 1.47, linux/arm64", "12 ms", "cellar"),
        *("2 containers", "1 update<", "1 not checked", "in 3\xa0hours", "nightly"),
    ):
        assert words in page, words


def test_a_host_that_is_away_says_why(signed_in: Client, host: Host) -> None:
    host.mark_failed("Its name is not known.")
    assert "Its name is not known. It was never seen." in rows.text(signed_in, "/hosts/")


def test_a_schedule_of_other_hosts_is_not_what_comes_next(signed_in: Client, host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock", enabled=False)
    soon = timezone.now() + timedelta(hours=1)
    Schedule.objects.create(name="of-others", when="@daily", next_at=soon).hosts.set([other])
    page = rows.text(signed_in, "/hosts/?q=nas")
    assert "nothing planned" in page
    assert "of-others" not in page


def test_the_states_part_the_hosts(signed_in: Client, host: Host) -> None:
    now = timezone.now()
    Host.objects.create(name="well", url="unix:///x.sock", last_seen_at=now)
    Host.objects.create(name="gone", url="unix:///x.sock", last_seen_at=now, last_error="Away.")
    Host.objects.create(name="asleep", url="unix:///x.sock", enabled=False, last_error="Away.")
    expected = {"reachable": "well", "away": "gone", "new": "nas", "off": "asleep"}
    for state, name in expected.items():
        page = rows.text(signed_in, f"/hosts/?state={state}")
        shown = [one for one in expected.values() if f">{one}</a>" in page]
        assert shown == [name]


def test_the_empty_list_teaches_what_to_do(admin_client: Client, db: None) -> None:
    page = rows.text(admin_client, "/hosts/")
    assert "No hosts yet" in page
    assert "addhost local unix:///var/run/docker.sock" in page
    assert 'href="/hosts/add/"' in page


def test_who_may_only_look_sees_no_button(signed_in: Client, host: Host) -> None:
    assert "/hosts/add/" not in rows.text(signed_in, "/hosts/")
    page = rows.text(signed_in, f"/hosts/{host.pk}/")
    for address in ("change", "delete", "switch", "test"):
        assert f"/hosts/{host.pk}/{address}/" not in page
        assert signed_in.get(f"/hosts/{host.pk}/{address}/").status_code == 403
