"""The overview: what needs a person and what to do, what happens, what happened, what comes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.registry.certificate_files import NOW as FILES_NOW
from tests.registry.certificate_files import certificate, pem
from tests.views import rows
from updates.flow.session import Kind
from updates.models import (
    ApiToken,
    Container,
    Hold,
    Host,
    HostRun,
    HourCount,
    Replacement,
    Schedule,
    SchedulePause,
    UpdateRun,
)
from updates.models.api_token import Scope
from updates.models.run import RunState
from updates.views.dashboard import ROWS_SHOWN

UPDATE = Container.Status.UPDATE_AVAILABLE


@pytest.fixture
def host(host: Host) -> Host:
    Host.objects.update(scanned_at=timezone.now(), last_seen_at=timezone.now())
    host.refresh_from_db()
    return host


def part(client: Client, name: str) -> str:
    """The words of one section; "" when it is not there."""
    page = rows.text(client, "/")
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def failed(host: Host, name: str, state: str = "failed", **facts: Any) -> UpdateRun:
    run = rows.run(host)
    rows.result(run, name, state, **{"reason": "Port 8080 is taken."} | facts)
    return run


def test_a_failed_update_says_why_and_can_be_tried_again(signed_in: Client, host: Host) -> None:
    web = rows.container(host, "web", status=UPDATE)
    failed(host, "web")
    assert "Failed web on nas Port 8080 is taken. Try again" in part(signed_in, "attention")
    assert "web" not in part(signed_in, "waiting"), "it is there once"
    page = rows.text(signed_in, "/")
    form = re.search(r"<form[^>]*>(?:(?!</form>).)*Try again: web on nas", page, re.DOTALL)
    assert form
    assert f'name="container" value="{web.pk}"' in form[0]


def test_what_is_being_updated_is_not_offered_again(signed_in: Client, host: Host) -> None:
    for name in ("web", "api"):
        rows.container(host, name, status=UPDATE)
    run = rows.run(host, state=RunState.RUNNING)
    rows.result(run, "web", "", step="gate")
    assert "api on nas" in part(signed_in, "waiting")
    assert "web on nas registry.example.com/web:1 Being updated" in part(signed_in, "waiting")
    assert "Update web on nas" not in rows.text(signed_in, "/")


def test_a_failure_that_is_over_needs_nobody(signed_in: Client, host: Host) -> None:
    rows.container(host, "updated-since", status=UPDATE, updated_at=timezone.now())
    rows.container(host, "fresh")
    rows.container(host, "held", status=UPDATE)
    rows.container(host, "long-ago", status=UPDATE)
    Hold.objects.create(host=host, container="held", reason="Held.")
    long_ago = failed(host, "long-ago")
    HostRun.objects.filter(run=long_ago).update(started_at=timezone.now() - timedelta(days=40))
    for name in ("updated-since", "fresh", "held", "gone"):
        run = failed(host, name)
        HostRun.objects.filter(run=run).update(started_at=timezone.now() - timedelta(hours=1))
    assert part(signed_in, "attention") == ""


def test_a_container_that_fails_every_night_is_one_concern(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", status=UPDATE)
    failed(host, "web", reason="The first time.")
    last = failed(host, "web", "rolled_back", reason="It was not healthy.")
    said = part(signed_in, "attention")
    assert said.count("web on nas") == 1
    assert "Rolled back web on nas It was not healthy. See why" in said
    assert f'href="{last.get_absolute_url()}"' in rows.text(signed_in, "/")


def test_a_host_that_is_away_can_be_tried_again(signed_in: Client, host: Host) -> None:
    host.mark_failed("The engine cannot be reached.")
    said = part(signed_in, "attention")
    assert said == "Needs you Unreachable nas The engine cannot be reached. Try again"
    Host.objects.update(enabled=False)
    assert part(signed_in, "attention") == ""


@pytest.mark.parametrize(("days", "word"), [(10, "expires on"), (-1, "expired on"), (60, "")])
def test_a_hosts_certificate_is_named_before_it_ends(
    days: int, word: str, admin_client: Client, host: Host
) -> None:
    end = datetime.now(UTC) + timedelta(days=days)
    made = certificate(starts=timedelta(days=-9000), ends=end - FILES_NOW)
    Host.objects.update(tls_ca=pem(made))
    said = part(admin_client, "attention")
    assert (f"A CA certificate {word} {end:%Y-%m-%d}. Replace" in said) is bool(word)


def test_what_an_interrupted_worker_left_is_named(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.INTERRUPTED)
    Replacement.objects.create(
        host_run=run.host_runs.get(), name="web", old_id="1", step="roll_back"
    )
    said = part(signed_in, "attention")
    assert "Left open web on nas Its update was broken off at roll back." in said
    assert said.endswith("Finish it")
    HostRun.objects.update(state=RunState.RUNNING)
    assert part(signed_in, "attention") == ""


@pytest.mark.parametrize(("days", "words"), [(3, "Expires soon"), (-3, "Expired"), (30, "")])
def test_a_token_that_ends_is_told_its_owner_alone(
    days: int, words: str, signed_in: Client, operator: User, admin_client: Client, host: Host
) -> None:
    end = timezone.now() + timedelta(days=days)
    ApiToken.objects.issue(operator, "backup", Scope.READ, end)
    said = part(signed_in, "attention")
    assert (f"{words} API token backup It end" in said) is bool(words)
    assert part(admin_client, "attention") == ""


def test_a_schedule_that_nobody_carries_out_is_missed(admin_client: Client, host: Host) -> None:
    due = timezone.now() - timedelta(minutes=10)
    Schedule.objects.create(name="nightly", when="@daily", next_at=due)
    assert "Missed nightly It was due on" in part(admin_client, "attention")
    SchedulePause.objects.create(pk=1)
    said = part(admin_client, "attention")
    assert "Paused Every schedule" in said
    assert "Resume" in said
    assert "Missed" not in said


def test_a_tick_that_failed_says_why(admin_client: Client, host: Host) -> None:
    later = timezone.now() + timedelta(hours=3, seconds=30)
    row = Schedule.objects.create(name="nightly", when="@daily", next_at=later)
    tick = row.ticks.create(due_at=later, kind="scan", outcome="failed", reason="No host.")
    Schedule.objects.update(last_tick=tick)
    assert "Failed nightly No host. Look" in part(admin_client, "attention")
    assert part(admin_client, "coming").endswith("nightly update in 3 hours")


def test_a_run_that_no_worker_takes_is_named(signed_in: Client, host: Host) -> None:
    rows.run(host, RunState.QUEUED)
    assert part(signed_in, "attention") == ""
    UpdateRun.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert "No worker has taken it yet." in part(signed_in, "attention")


def test_containers_that_could_not_be_checked_are_one_line(signed_in: Client, host: Host) -> None:
    for name in ("a", "b"):
        rows.container(host, name, status=Container.Status.UNKNOWN)
    assert "2 containers not checked" in part(signed_in, "attention")


def test_who_may_only_look_sees_no_button(clerk: Callable[..., Client], host: Host) -> None:
    rows.container(host, "web", status=UPDATE)
    rows.container(host, "api", status=UPDATE)
    Hold.objects.create(host=host, container="api", reason="Held.")
    failed(host, "web")
    host.mark_failed("Away.")
    looker = clerk()
    main = rows.text(looker, "/").split('id="overview"')[1]
    assert "web on nas" in main
    assert "<button" not in main


def test_a_container_that_is_held_can_be_released(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", status=UPDATE)
    hold = Hold.objects.create(host=host, container="web", reason="Held.")
    assert part(signed_in, "waiting").endswith("Held Release")
    signed_in.post(f"/hosts/{host.pk}/containers/web/release/", {"hold": hold.pk})
    assert part(signed_in, "waiting").endswith("Update")


def test_the_updates_list_shows_what_fits_and_how_many_more(signed_in: Client, host: Host) -> None:
    for number in range(30):
        rows.container(host, f"app-{number:02}", status=UPDATE)
    said = part(signed_in, "waiting")
    assert said.count("Update") == ROWS_SHOWN + 1
    assert said.endswith(f"{30 - ROWS_SHOWN} more with an update")
    failed(host, "app-00")
    host.mark_failed("Away.")
    assert part(signed_in, "waiting").endswith("21 more with an update")


def test_the_updates_are_counted_with_those_that_need_somebody(
    signed_in: Client, host: Host
) -> None:
    for name in ("api", "db", "web"):
        rows.container(host, name, status=UPDATE)
    assert part(signed_in, "waiting").startswith("Updates waiting 3 api")
    failed(host, "web")
    assert part(signed_in, "waiting").startswith("Updates waiting 2 of 3 1 more needs you api")


def test_what_may_be_updated_comes_first(signed_in: Client, host: Host) -> None:
    rows.container(host, "a", status=UPDATE, monitor_only=True)
    rows.container(host, "b", status=UPDATE, held_until=timezone.now() + timedelta(days=1))
    rows.container(host, "c", status=UPDATE)
    said = part(signed_in, "waiting")
    assert re.findall(r"(\w) on nas", said) == ["c", "a", "b"]
    assert "Monitor only" in said


def test_the_last_runs_are_those_that_say_most(signed_in: Client, host: Host) -> None:
    update = rows.run(host)
    broken = rows.run(host, RunState.FAILED, Kind.SCAN)
    scans = [rows.run(host, kind=Kind.SCAN) for _ in range(5)]
    said = part(signed_in, "month")
    assert str(update) in said
    assert str(broken) in said
    assert [str(scan) in said for scan in scans] == [False, False, False, False, True]


def test_what_runs_is_shown_with_container_and_step(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    rows.result(run, "web", "", step="gate")
    rows.result(run, "db", "")
    rows.result(run, "api", "updated")
    said = part(signed_in, "now")
    assert f"{run} 1 updated Running" in said
    assert "web on nas: new one has to prove itself db on nas: waits for its turn" in said


def test_what_an_ended_run_left_unfinished_is_not_happening(signed_in: Client, host: Host) -> None:
    rows.result(rows.run(host, RunState.INTERRUPTED), "web", "", step="gate")
    assert part(signed_in, "now") == "Now Nothing is running."


def test_the_chart_has_a_column_for_each_day_and_the_same_as_a_table(
    signed_in: Client, host: Host
) -> None:
    now = timezone.now()
    HourCount.objects.add(now, {"updated": 4, "failed": 1})
    HourCount.objects.add(now - timedelta(days=29), {"rolled_back": 2})
    HourCount.objects.add(now - timedelta(days=31), {"updated": 500})
    page = rows.text(signed_in, "/")
    assert page.count('class="day"') == 30
    day = timezone.localtime(now)
    assert f"{day:%a %Y-%m-%d}: 4 updated, 0 rolled back, 1 failed" in page
    said = part(signed_in, "month")
    assert "4 updated 2 rolled back 1 failed" in said
    assert f"{day:%Y-%m-%d} 4 0 1" in said
    assert "style=" not in page


def test_it_asks_fewer_than_fifteen_statements_of_whoever_may_see_all(
    clerk: Callable[..., Client], host: Host
) -> None:
    rows.container(host, "web", status=UPDATE)
    failed(host, "web")
    rows.run(host, RunState.RUNNING)
    rows.registry(plain_http=True)
    looker = clerk("view_registry", "view_schedule", "start_run", "view_host", "change_registry")
    for address in ("/", "/overview/"):
        with CaptureQueriesContext(connection) as captured:
            rows.text(looker, address)
        assert len(captured) < 15, address


def test_a_poll_that_finds_nothing_new_asks_little(admin_client: Client, host: Host) -> None:
    etag = admin_client.get("/overview/").headers["ETag"]
    with CaptureQueriesContext(connection) as captured:
        answer = admin_client.get("/overview/", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert len(captured) <= 6


@pytest.mark.parametrize(
    "move",
    [
        lambda host: rows.run(host, RunState.QUEUED),
        lambda _: rows.event(UpdateRun.objects.get(), "Something."),
        lambda _: rows.result(UpdateRun.objects.get(), "web"),
        lambda host: host.mark_failed("Away."),
        lambda host: rows.container(host, "more"),
        lambda host: Hold.objects.create(host=host, container="web", reason="Held."),
        lambda _: Schedule.objects.create(name="x", when="@daily", next_at=timezone.now()),
        lambda _: SchedulePause.objects.create(pk=1),
        lambda _: Host.objects.update(enabled=False),
        lambda _: UpdateRun.objects.update(state=RunState.RUNNING),
        lambda _: UpdateRun.objects.update(cancelled_at=timezone.now()),
    ],
)
def test_whatever_moves_is_a_new_page(
    move: Callable[[Host], object], admin_client: Client, host: Host
) -> None:
    rows.run(host, RunState.QUEUED)
    Schedule.objects.create(name="nightly", when="@daily")
    etag = admin_client.get("/overview/").headers["ETag"]
    move(host)
    answer = admin_client.get("/overview/", headers={"If-None-Match": etag})
    assert answer.status_code == 200
