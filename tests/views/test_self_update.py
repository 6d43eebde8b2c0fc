"""The button that updates Watchweb itself: where it shows, what it says first, who may press it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from tests.views import rows
from updates.flow.session import Kind, Params
from updates.models import Container, Host, UpdateRun
from updates.models.run import RunState

BUTTON = "Update Watchweb"


@pytest.fixture
def own(host: Host, settings: Settings, tmp_path: Path) -> Container:
    """The row of the container that this process seems to run in."""
    row = rows.container(host, "watchweb")
    settings.MOUNTINFO = tmp_path / "mountinfo"
    settings.MOUNTINFO.write_text(f"9 7 8:1 /containers/{row.container_id}/hosts /etc/hosts rw\n")
    return row


def address(host: Host) -> str:
    return f"/hosts/{host.pk}/update-itself/"


def test_the_button_is_on_the_host_that_watchweb_runs_on_and_on_no_other(
    signed_in: Client, own: Container
) -> None:
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    rows.container(attic, "web")
    assert address(own.host) in rows.text(signed_in, f"/hosts/{own.host.pk}/")
    assert BUTTON not in rows.text(signed_in, f"/hosts/{attic.pk}/")
    Host.objects.update(enabled=False)
    assert BUTTON not in rows.text(signed_in, f"/hosts/{own.host.pk}/")


def test_it_is_said_first_what_will_happen(signed_in: Client, own: Container) -> None:
    page = rows.text(signed_in, address(own.host))
    assert "this page is away for some seconds" in page
    assert "the old one comes back as it was" in page
    assert '<form class="actions" method="post">' in page
    assert not UpdateRun.objects.exists()


def test_what_cannot_be_started_leads_back_with_the_reason(
    signed_in: Client, own: Container
) -> None:
    answer = signed_in.post(address(own.host))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/hosts/{own.host.pk}/")
    assert "cannot be reached" in " ".join(map(str, get_messages(answer.wsgi_request)))
    assert not UpdateRun.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_where_watchweb_does_not_run_it_says_so(
    method: str, signed_in: Client, host: Host, settings: Settings
) -> None:
    settings.MOUNTINFO = Path("/nonexistent")
    answer = getattr(signed_in, method)(address(host))
    assert answer.headers["Location"] == f"/hosts/{host.pk}/"
    said = " ".join(map(str, get_messages(answer.wsgi_request)))
    assert said == "Watchweb is not known to run in a container on nas."


def test_who_may_not_start_runs_sees_no_button_and_is_refused(
    clerk: Callable[..., Client], own: Container
) -> None:
    reader = clerk()
    assert BUTTON not in rows.text(reader, f"/hosts/{own.host.pk}/")
    assert reader.get(address(own.host)).status_code == 403
    assert reader.post(address(own.host)).status_code == 403


def test_a_run_of_its_own_says_that_the_page_will_be_away_until_it_is_over(
    signed_in: Client, host: Host
) -> None:
    params = Params(kind=Kind.UPDATE, itself=True).to_json()
    going = rows.run(host, RunState.RUNNING, params=params)
    over = rows.run(host, params=params)
    other = rows.run(Host.objects.create(name="attic", url="unix:///x.sock"), RunState.RUNNING)
    notice = "Watchweb updates itself."
    page = rows.text(signed_in, f"/runs/{going.pk}/")
    assert notice in page
    assert "the helper container is starting" in page
    for run in (over, other):
        assert notice not in rows.text(signed_in, f"/runs/{run.pk}/")
