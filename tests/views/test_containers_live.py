"""The list of containers asks for itself again, and is answered only when something moved."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.models import Container, Hold, Host, Policy, Preference, UpdateRun
from updates.models.run import RunState

LIVE = "/containers/live/"


def etag(client: Client, address: str = LIVE) -> str:
    return client.get(address).headers["ETag"]


def test_the_page_asks_for_its_list_again_as_it_is_narrowed(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    page = rows.text(signed_in, "/containers/?q=web&sort=name")
    assert 'hx-get="/containers/live/?q=web&amp;sort=name"' in page
    assert 'hx-trigger="every 20s"' in page
    rows.run(host, state=RunState.RUNNING)
    part = rows.text(signed_in, f"{LIVE}?q=web")
    assert 'hx-trigger="every 3s"' in part
    assert "<html" not in part
    assert 'href="/containers/?' in part
    assert "/containers/live/?status" not in part


def test_the_page_and_the_first_answer_agree_on_what_was_seen(
    signed_in: Client, host: Host
) -> None:
    rows.container(host, "web")
    seen = etag(signed_in, f"{LIVE}?q=web")
    shown = seen.replace('"', "&quot;")
    assert f'data-etag="{shown}"' in rows.text(signed_in, "/containers/?q=web&status=")


def test_nothing_new_is_answered_without_reading_the_list(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    seen = {"If-None-Match": etag(signed_in)}
    with CaptureQueriesContext(connection) as captured:
        assert signed_in.get(LIVE, headers=seen).status_code == 304
    assert len(captured) <= 7


def _hold(host: Host) -> None:
    Hold.objects.create(host=host, container="web", reason="Holidays.")


def _a_scan(host: Host) -> None:
    rows.result(rows.run(host), "web")


def _a_run_begins(host: Host) -> None:
    rows.run(host, state=RunState.RUNNING)


def _away(_: Host) -> None:
    Host.objects.update(last_error="It did not answer.")


def _renamed(_: Host) -> None:
    Host.objects.update(name="attic")


def _settings(_: Host) -> None:
    Policy.objects.create(values={"monitor_only": True})


def _columns(_: Host) -> None:
    Preference.objects.update(columns=["name", "image"])


def _gone(_: Host) -> None:
    Container.objects.all().delete()


@pytest.mark.parametrize(
    "change", [_hold, _a_scan, _a_run_begins, _away, _renamed, _settings, _columns, _gone]
)
def test_what_the_list_shows_changes_its_tag(
    change: Callable[[Host], None], signed_in: Client, host: Host
) -> None:
    rows.container(host, "web", checked_at=timezone.now())
    rows.text(signed_in, "/preferences/")
    Preference.objects.update_or_create(user_id=signed_in.session["_auth_user_id"])
    before = etag(signed_in)
    change(host)
    assert etag(signed_in) != before


def test_a_run_that_is_over_changes_it_too(signed_in: Client, host: Host) -> None:
    rows.run(host, state=RunState.RUNNING)
    before = etag(signed_in)
    UpdateRun.objects.update(state=RunState.FINISHED)
    assert etag(signed_in) != before
