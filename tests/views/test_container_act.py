"""Acting on many containers: it is said what will happen, and that is what is done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.models import Container, Hold, Host, Policy, UpdateRun
from updates.views.containers.act import NAMED

ACT = "/containers/act/"
STALE: dict[str, Any] = {
    "status": Container.Status.UPDATE_AVAILABLE,
    "local_digest": rows.DIGEST,
    "remote_digest": rows.NEW_DIGEST,
}


def asked(client: Client, act: str, *those: Container, **more: Any) -> dict[str, list[str]]:
    """Who is named on the page that asks: under done, along and left, each with its sentence."""
    page = answer_of(client, act, *those, **more).text
    found = {}
    for kind, part in re.findall(r'<ul class="rows (\w+)">(.*?)</ul>', page, re.S):
        items = re.findall(r'<div class="grow">(.*?)</div>', part, re.S)
        found[kind] = [" ".join(re.sub("<.*?>", " ", one).split()) for one in items]
    return found


def answer_of(client: Client, act: str, *those: Container, **more: Any) -> HttpResponse:
    data = {"act": act, "container": [one.pk for one in those], "next": "/containers/?q=x"}
    return client.post(ACT, data | more)  # type: ignore[return-value]


def confirmed(client: Client, act: str, *those: Container, **more: Any) -> HttpResponse:
    """As the page that asks sends it."""
    page = answer_of(client, act, *those, **more).text
    [keys] = re.findall(r'name="containers" value="([\d,]*)"', page)
    data = {"act": act, "containers": keys, "confirmed": "1", "next": "/containers/?q=x"}
    return client.post(ACT, data | more)  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    return " ".join(map(str, get_messages(answer.wsgi_request)))  # type: ignore[attr-defined]


def test_an_update_names_who_restarts_with_it_and_who_is_left_out_and_why(
    signed_in: Client, host: Host
) -> None:
    web = rows.container(host, "web", container_id="1" * 64, **STALE)
    rows.container(host, "sidecar", network_mode=f"container:{'1' * 64}")
    rows.container(host, "bystander")
    off = Host.objects.create(name="off", url="unix:///x.sock", enabled=False)
    soon = timezone.now() + timedelta(days=1)
    watched = {"labels": {"watchweb.monitor-only": "true"}, "monitor_only": True}
    chosen = [
        web,
        rows.container(host, "fresh"),
        rows.container(host, "watched", **STALE, **watched),
        rows.container(host, "kept", **STALE),
        rows.container(host, "bad", **STALE),
        rows.container(host, "young", held_until=soon, **STALE),
        rows.container(host, "lost", status="unknown", status_reason="No answer."),
        rows.container(host, "stopped", state="exited", **STALE),
        rows.container(host, "out", labels={"watchweb.enable": "false"}, **STALE),
        rows.container(off, "far", **STALE),
    ]
    Hold.objects.create(host=host, container="kept", reason="It is precious.")
    Hold.objects.create(host=host, container="bad", digest=rows.NEW_DIGEST, reason="It broke.")
    found = asked(signed_in, "update", *chosen)
    assert found["done"] == ["web on nas"]
    assert found["along"] == [
        "sidecar on nas It shares the network of a container that is recreated."
    ]
    left = {one.split()[0]: one for one in found["left"]}
    assert len(left) == 9
    sentences = {
        "fresh": "No update is available",
        "watched": "monitor only",
        "kept": "It is precious.",
        "bad": "It broke.",
        "young": "cooldown",
        "lost": "No answer.",
        "stopped": "not running",
        "out": "Its enable label is false.",
        "far": "not enabled",
    }
    for name, sentence in sentences.items():
        assert sentence in left[name]


def test_an_update_starts_one_run_for_those_that_were_named_alone(
    signed_in: Client, operator: User, host: Host
) -> None:
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    chosen = [rows.container(one, "web", **STALE) for one in (host, attic)]
    answer = confirmed(signed_in, "update", *chosen, rows.container(host, "fresh"))
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.trigger, run.user) == ("update", "page", operator)
    params = run.parameters()
    assert params.names == ("attic/web", "nas/web")
    assert params.are_exact


def test_a_check_asks_anew_and_is_for_whatever_was_chosen(signed_in: Client, host: Host) -> None:
    confirmed(signed_in, "scan", rows.container(host, "web"))
    params = UpdateRun.objects.get().parameters()
    assert (params.kind, params.names, params.max_age_s) == ("scan", ("nas/web",), 0)


def test_a_hold_is_kept_with_its_reason_and_released_again(
    signed_in: Client, operator: User, host: Host
) -> None:
    web, db = rows.container(host, "web"), rows.container(host, "db", status_reason="Held.")
    Hold.objects.create(host=host, container="db", reason="Before.")
    assert asked(signed_in, "hold", web, db) == {
        "done": ["web on nas"],
        "left": ["db on nas It is held already."],
    }
    assert not Hold.objects.of(host.pk, "web").exists()
    answer = confirmed(signed_in, "hold", web, db, reason="Holidays.")
    assert answer.headers["Location"] == "/containers/?q=x"
    assert said(answer) == "web is held. The next run goes by it."
    held = {row.container: (row.digest, row.reason, row.user) for row in Hold.objects.all()}
    assert held == {"web": ("", "Holidays.", operator), "db": ("", "Before.", None)}
    answer = confirmed(signed_in, "release", web, db, rows.container(host, "job"))
    assert said(answer) == "2 containers are released. The next run goes by it."
    assert not Hold.objects.exists()
    assert not Container.objects.exclude(status_reason="").exists()


def test_a_skipped_version_is_blocked_for_those_it_waits_for(
    signed_in: Client, operator: User, host: Host
) -> None:
    web = rows.container(host, "web", available_version="2.0", **STALE)
    found = asked(signed_in, "skip", web, rows.container(host, "fresh"))
    assert found["left"] == ["fresh on nas No update is available, by the last check."]
    confirmed(signed_in, "skip", web)
    row = Hold.objects.get()
    assert (row.container, row.digest, row.version) == ("web", rows.NEW_DIGEST, "2.0")
    assert row.reason == "operator skips this version."
    assert asked(signed_in, "skip", web)["left"] == ["web on nas This version is skipped already."]
    confirmed(signed_in, "release", web)
    assert not Hold.objects.exists()


def test_a_release_leaves_older_blocks_and_namesakes_alone(signed_in: Client, host: Host) -> None:
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    web = rows.container(host, "web", **STALE)
    Hold.objects.create(host=host, container="web", digest=rows.NEW_DIGEST, reason="New.")
    older = Hold.objects.create(host=host, container="web", digest=rows.DIGEST, reason="Old.")
    namesake = Hold.objects.create(host=attic, container="web", reason="Elsewhere.")
    confirmed(signed_in, "release", web)
    assert set(Hold.objects.all()) == {older, namesake}


def test_everything_that_was_found_is_meant_and_not_the_page_alone(
    signed_in: Client, host: Host
) -> None:
    for number in range(NAMED + 20):
        rows.container(host, f"app-{number:03}")
    rows.container(host, "web")
    more = {"everything": "1", "query": "q=app"}
    assert len(asked(signed_in, "hold", **more)["done"]) == NAMED
    answer = confirmed(signed_in, "hold", **more)
    assert said(answer) == f"{NAMED + 20} containers are held. The next run goes by it."
    assert not Hold.objects.of(host.pk, "web").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"act": "hold"}, "Select at least one container"),
        ({"act": "hold", "container": ["x", "999", "9" * 30]}, "Select at least one container"),
        ({"act": "destroy", "everything": "1"}, "It was not said what to do"),
        ({"everything": "1"}, "It was not said what to do"),
        ({"act": "update", "everything": "1", "confirmed": "1"}, "Nothing is left to be done"),
    ],
)
def test_a_wrong_request_leads_back_with_a_sentence(
    data: dict[str, Any], sentence: str, signed_in: Client, host: Host
) -> None:
    rows.container(host, "web")
    answer = signed_in.post(ACT, data | {"next": "https://evil.example/"})
    assert answer.headers["Location"] == "/containers/"
    assert said(answer).startswith(sentence)  # type: ignore[arg-type]
    assert not UpdateRun.objects.exists()


def test_where_nothing_can_be_done_there_is_no_button(signed_in: Client, host: Host) -> None:
    page = answer_of(signed_in, "update", rows.container(host, "web")).text
    assert "Nothing to update" in page
    assert 'name="confirmed"' not in page


def test_who_may_only_look_is_refused_and_a_sign_in_leads_to_the_list(
    client: Client, signed_in: Client, host: Host
) -> None:
    web = rows.container(host, "web")
    assert signed_in.get(ACT, follow=True).redirect_chain == [("/containers/", 302)]
    client.force_login(User.objects.create_user("reader"))
    assert answer_of(client, "hold", web, confirmed="1").status_code == 403
    assert not Hold.objects.exists()


@pytest.mark.parametrize("act", ["scan", "update", "hold", "release", "skip"])
def test_ten_hosts_more_cost_no_more_queries(act: str, signed_in: Client, host: Host) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            asked(signed_in, act, everything="1")
        return len(captured)

    rows.container(host, "web", **STALE)
    before = queries()
    for number in range(10):
        other = Host.objects.create(name=f"host-{number}", url="unix:///x.sock")
        rows.container(other, "web", **STALE)
        Policy.objects.create(host=other, values={"monitor_only": True})
        Hold.objects.create(host=other, container="web", reason="No.")
    assert queries() == before
