"""Starting a run from a page: who may, of what, and what a wrong request leads to."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django_q.models import OrmQ

from tests.views import rows
from updates.flow.policy import Policies
from updates.flow.rules import Rules
from updates.flow.session import Kind
from updates.models import Container, Host, UpdateRun

START = "/runs/start/"


def refused(client: Client, data: dict[str, Any]) -> tuple[str, str]:
    """(where it leads back to, what it says) of a request that starts nothing."""
    answer = client.post(START, data)
    assert answer.status_code == 302
    assert not UpdateRun.objects.exists()
    return answer.headers["Location"], " ".join(map(str, get_messages(answer.wsgi_request)))


def test_a_scan_of_everything_goes_to_each_enabled_host(
    signed_in: Client, operator: User, host: Host
) -> None:
    Host.objects.create(name="attic", url="unix:///x.sock")
    Host.objects.create(name="off", url="unix:///x.sock", enabled=False)
    answer = signed_in.post(START, {"kind": "scan"})
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.trigger, run.user) == ("scan", "page", operator)
    assert run.parameters().kind is Kind.SCAN
    assert [part.host.name for part in run.host_runs.all()] == ["attic", "nas"]
    assert OrmQ.objects.count() == 2


@pytest.mark.parametrize(("kind", "age_s"), [("scan", 0), ("update", 300)])
def test_a_scan_asks_anew_and_an_update_takes_what_is_known_in_the_window(
    kind: str, age_s: int, signed_in: Client, host: Host, settings: Any
) -> None:
    settings.WATCHWEB_CHECK_WINDOW = 300
    signed_in.post(START, {"kind": kind})
    assert UpdateRun.objects.get().parameters().max_age_s == age_s


def test_one_host_is_one_part(signed_in: Client, host: Host) -> None:
    Host.objects.create(name="attic", url="unix:///x.sock")
    signed_in.post(START, {"kind": "update", "host": host.pk})
    run = UpdateRun.objects.get()
    assert [part.host for part in run.host_runs.all()] == [host]
    assert run.parameters().names == ()


def test_only_the_chosen_of_two_namesakes_takes_part(signed_in: Client, host: Host) -> None:
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    for place in (host, attic):
        rows.container(place, "web")
    other = rows.container(attic, "db")
    chosen = Container.objects.get(host=host, name="web")
    signed_in.post(START, {"kind": "update", "container": [chosen.pk, other.pk]})
    params = UpdateRun.objects.get().parameters()
    assert params.names == ("attic/db", "nas/web")
    assert Rules.of_run(params, Policies(), "nas").names == ("web",)
    assert Rules.of_run(params, Policies(), "attic").names == ("db",)


def test_an_empty_selection_goes_back_to_the_same_place(signed_in: Client, host: Host) -> None:
    where, why = refused(
        signed_in,
        {"kind": "update", "selection": "1", "next": "/containers/?q=web&sort=-name&page=2"},
    )
    assert where == "/containers/?q=web&sort=-name&page=2"
    assert why == "Select at least one container first."


def test_a_container_that_is_gone_costs_nobody_the_rest_of_the_selection(
    signed_in: Client, host: Host
) -> None:
    kept = rows.container(host, "web")
    where, why = refused(
        signed_in,
        {"kind": "update", "selection": "1", "container": [kept.pk, 999], "next": "/containers/"},
    )
    assert where == f"/containers/?selected={kept.pk}&selected=999"
    assert why.startswith("A chosen container is not there any more")
    assert f'value="{kept.pk}" aria-label="Select web on nas" checked' in rows.text(
        signed_in, where
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "It was not said whether to scan or to update."),
        ({"kind": "destroy"}, "It was not said whether to scan or to update."),
        ({"kind": "scan", "host": "999"}, "A chosen host is not there any more"),
        ({"kind": "scan", "host": "x"}, "A chosen host is not there any more"),
        ({"kind": "scan", "container": "x"}, "A chosen container is not there any more"),
    ],
)
def test_a_wrong_request_is_answered_in_a_sentence(
    data: dict[str, str], sentence: str, signed_in: Client, host: Host
) -> None:
    where, why = refused(signed_in, data)
    assert where == "/"
    assert why.startswith(sentence)
    assert why.endswith(".")


def test_a_host_that_is_not_enabled_is_named(signed_in: Client, host: Host) -> None:
    attic = Host.objects.create(name="attic", url="unix:///x.sock", enabled=False)
    one = rows.container(attic, "web")
    two = rows.container(host, "web")
    _, why = refused(signed_in, {"kind": "update", "container": [one.pk, two.pk]})
    assert why == "Not enabled, so no run goes there: attic."


def test_with_no_host_it_is_said_how_to_add_one(signed_in: Client) -> None:
    _, why = refused(signed_in, {"kind": "scan"})
    assert "addhost" in why


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_the_way_back_stays_on_this_site(place: str, signed_in: Client, host: Host) -> None:
    where, _ = refused(signed_in, {"kind": "scan", "selection": "1", "next": place})
    assert where == "/"


def test_who_may_not_start_runs_sees_no_button_and_is_refused(client: Client, host: Host) -> None:
    client.force_login(User.objects.create_user("reader"))
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE)
    for address in ("/", "/containers/", f"/hosts/{host.pk}/"):
        page = rows.text(client, address)
        assert START not in page
        assert not re.search(r'name="(kind|act|container)"', page)
    answer = client.post(START, {"kind": "scan"})
    assert answer.status_code == 403
    assert "Not allowed" in answer.text
    assert not UpdateRun.objects.exists()


def test_without_a_token_against_forgery_nothing_starts(operator: User, host: Host) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    answer = client.post(START, {"kind": "scan"})
    assert answer.status_code == 403
    assert "Nothing was done." in answer.text
    assert not UpdateRun.objects.exists()


def test_a_sign_in_that_came_in_between_leads_to_the_dashboard(
    signed_in: Client, host: Host
) -> None:
    answer = signed_in.get(START, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "please press the button again" in answer.text
