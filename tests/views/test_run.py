"""A run's page: it asks for itself again while the run is open, and not when it is over."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.flow.session import Params
from updates.models import ContainerResult, Host, HostRun, UpdateRun
from updates.models.run import OPEN, RunState


@pytest.fixture
def moving(host: Host) -> UpdateRun:
    """An open run that pulls one image."""
    run = rows.run(host, RunState.RUNNING)
    rows.result(run, "web", "", step="pull", pulled_bytes=5_000_000, total_bytes=20_000_000)
    rows.event(run, "Pulling registry.example.com/web:1", "web")
    return run


def test_an_open_run_asks_for_itself_again(signed_in: Client, moving: UpdateRun) -> None:
    for address in (f"/runs/{moving.pk}/", f"/runs/{moving.pk}/live/"):
        assert f'hx-get="/runs/{moving.pk}/live/"' in rows.text(signed_in, address)


def test_an_open_run_is_live_without_scripts_too(signed_in: Client, moving: UpdateRun) -> None:
    again = '<noscript><meta http-equiv="refresh"'
    assert again in rows.text(signed_in, f"/runs/{moving.pk}/")
    UpdateRun.objects.update(state=RunState.FINISHED)
    assert again not in rows.text(signed_in, f"/runs/{moving.pk}/")


@pytest.mark.parametrize("state", [one for one in RunState if one not in OPEN])
def test_a_run_that_is_over_ends_the_polling(
    state: RunState, signed_in: Client, host: Host
) -> None:
    run = rows.run(host, state)
    for address in (f"/runs/{run.pk}/", f"/runs/{run.pk}/live/"):
        assert 'hx-get="/runs/' not in rows.text(signed_in, address)


def test_the_live_part_is_a_fragment(signed_in: Client, moving: UpdateRun) -> None:
    text = rows.text(signed_in, f"/runs/{moving.pk}/live/")
    assert "<html" not in text
    assert 'id="live"' in text


def test_a_pull_shows_how_far_it_is(signed_in: Client, moving: UpdateRun) -> None:
    page = rows.text(signed_in, f"/runs/{moving.pk}/").replace("\xa0", " ")
    assert '<progress max="100" value="25"' in page
    assert "4.8 MB of 19.1 MB" in page


def test_a_run_that_waits_for_a_worker_says_so(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.QUEUED)
    UpdateRun.objects.update(started_at=None)
    page = rows.text(signed_in, f"/runs/{run.pk}/")
    assert "waiting for a worker" in page
    assert "Nothing has happened yet" in page


def test_a_finished_run_tells_it_all(signed_in: Client, host: Host) -> None:
    run = rows.run(host, user=User.objects.create(username="anna"))
    rows.result(run, "web", seconds=72.4)
    rows.result(run, "db", "failed", reason="The engine refused to create it.")
    rows.event(run, "Old one stopped.", "web")
    HostRun.objects.update(error="It went away.", engine_calls=9, registry_calls=2)
    page = rows.text(signed_in, f"/runs/{run.pk}/")
    for said in (
        "anna",
        "1 min 12 s",
        rows.DIGEST[7:19],
        rows.NEW_DIGEST[7:19],
        "The engine refused to create it.",
        "Old one stopped.",
        "nas/web",
        "It went away.",
        "9 engine calls, 2 registry calls",
        "1 updated",
        "1 failed",
    ):
        assert said in page, said
    assert page.index(">db<") < page.index(">web<"), "what went wrong comes first"


def test_a_run_says_what_it_was_narrowed_to(signed_in: Client, host: Host) -> None:
    params = Params(patterns=("web-.*",), images=("shop/web",)).to_json()
    page = rows.text(signed_in, f"/runs/{rows.run(host, params=params).pk}/")
    assert "web-.*" in page
    assert "shop/<wbr>web" in page


def test_nothing_new_is_a_304(signed_in: Client, moving: UpdateRun) -> None:
    address = f"/runs/{moving.pk}/live/"
    etag = signed_in.get(address).headers["ETag"]
    answer = signed_in.get(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (ContainerResult, {"pulled_bytes": 6_000_000}),
        (ContainerResult, {"total_bytes": 30_000_000}),
        (ContainerResult, {"state": "fresh"}),
        (HostRun, {"state": RunState.FINISHED}),
        (UpdateRun, {"state": RunState.FAILED}),
        (UpdateRun, {"cancelled_at": timezone.now()}),
    ],
)
def test_each_change_is_sent(
    model: type[Model], change: dict[str, Any], signed_in: Client, moving: UpdateRun
) -> None:
    address = f"/runs/{moving.pk}/live/"
    etag = signed_in.get(address).headers["ETag"]
    model._default_manager.update(**change)
    assert signed_in.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_each_event_and_result_is_sent(signed_in: Client, moving: UpdateRun) -> None:
    address = f"/runs/{moving.pk}/live/"
    etags = [signed_in.get(address).headers["ETag"]]
    rows.event(moving, "Pulled.")
    etags.append(signed_in.get(address).headers["ETag"])
    rows.result(moving, "db", "fresh")
    etags.append(signed_in.get(address).headers["ETag"])
    assert len(set(etags)) == 3


def test_the_json_is_the_commands_report(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    rows.result(run, "web")
    document = signed_in.get(f"/runs/{run.pk}.json").json()
    assert document["run"] == run.pk
    assert document["counts"]["updated"] == document["counts"]["scanned"] == 1
    assert document["hosts"] == [{"host": "nas", "state": "finished", "error": ""}]
    [container] = document["containers"]
    assert (container["name"], container["new_digest"]) == ("web", rows.NEW_DIGEST)
