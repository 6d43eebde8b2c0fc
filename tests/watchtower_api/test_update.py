"""What a request starts, and when it is refused. The cluster's part is in test_session_lab."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.views import rows
from tests.watchtower_api.conftest import Ask
from updates.flow.session import Kind
from updates.models import Heartbeat, Host, HostRun, UpdateRun
from updates.models.run import RunState
from updates.watchtower_api.answers import Refused
from updates.watchtower_api.seats import WAITING, Seats
from updates.watchtower_api.waiting import is_left, wait


def test_an_asynchronous_update_is_queued_for_every_host(
    ask: Ask, host: Host, operator: User, worker: None
) -> None:
    Host.objects.create(name="pi", url="unix:///pi.sock")
    answer = ask("POST", "/v1/update?async=true")
    run = UpdateRun.objects.get()
    assert (answer.status_code, answer.content) == (202, b"Accepted")
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.trigger, run.user) == (Kind.UPDATE, "api", operator)
    assert run.host_runs.count() == 2
    params = run.parameters()
    assert (params.names, params.patterns, params.images, params.max_age_s) == ((), (), (), 0)


def test_images_and_patterns_and_hosts_narrow_it(ask: Ask, host: Host, worker: None) -> None:
    Host.objects.create(name="pi", url="unix:///pi.sock")
    query = "image=shop/web:1,shop/db&container=^web-.*&container=db&host=nas&async=true"
    assert ask("POST", f"/v1/update?{query}").status_code == 202
    run = UpdateRun.objects.get()
    assert run.parameters().images == ("shop/web:1", "shop/db")
    assert run.parameters().patterns == ("^web-.*", "db")
    assert [part.host.name for part in run.host_runs.all()] == ["nas"]


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
def test_a_full_update_is_refused_while_another_is_open(
    state: RunState, ask: Ask, host: Host, worker: None
) -> None:
    rows.run(host, state)
    for query in ("", "?async=true"):
        answer = ask("POST", f"/v1/update{query}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        assert answer.json()["error"] == "another update is already running"
    assert UpdateRun.objects.count() == 1


def test_a_scan_or_an_update_elsewhere_does_not_make_it_busy(
    ask: Ask, host: Host, worker: None
) -> None:
    rows.run(host, RunState.RUNNING, Kind.SCAN)
    other = Host.objects.create(name="pi", url="unix:///pi.sock")
    rows.run(other, RunState.RUNNING)
    assert ask("POST", "/v1/update?host=nas&async=true").status_code == 202


def test_a_targeted_update_waits_for_its_turn_in_the_queue(
    ask: Ask, host: Host, worker: None
) -> None:
    rows.run(host, RunState.RUNNING)
    answer = ask("POST", "/v1/update?image=shop/web&async=true")
    assert answer.status_code == 202
    assert HostRun.objects.filter(state=RunState.QUEUED).count() == 1


@pytest.mark.parametrize("path", ["/v1/update?timeout=50ms", "/v1/check?timeout=50ms"])
def test_after_its_time_it_is_408_and_the_run_goes_on(
    path: str, ask: Ask, host: Host, worker: None
) -> None:
    answer = ask("POST", path)
    run = UpdateRun.objects.get()
    assert answer.status_code == 408
    assert f"/runs/{run.pk}/" in answer.json()["error"]
    assert run.is_open


def test_without_a_live_worker_nothing_is_started(ask: Ask, host: Host) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    Heartbeat.objects.create(queue="default", asked_at=long_ago)
    for path in ("/v1/update", "/v1/update?async=true", "/v1/check"):
        answer = ask("POST", path)
        assert (answer.status_code, "No worker" in answer.json()["error"]) == (503, True)
    assert not UpdateRun.objects.exists()


def test_without_an_enabled_host_it_says_so(ask: Ask, worker: None) -> None:
    answer = ask("POST", "/v1/update")
    assert (answer.status_code, "no enabled host" in answer.json()["error"]) == (503, True)


def test_a_run_that_nobody_takes_up_is_left_unless_a_worker_is_busy(host: Host) -> None:
    run = rows.run(host, RunState.QUEUED)
    assert is_left(run)
    other = rows.run(host, RunState.RUNNING)
    assert is_left(run), "a lease that nobody renews is no sign of life"
    soon = timezone.now() + timedelta(minutes=1)
    HostRun.objects.filter(run=other).update(lease_until=soon)
    assert not is_left(run)
    assert not is_left(other)


def test_a_run_that_is_over_is_not_waited_for(host: Host) -> None:
    done = wait(rows.run(host).pk, 60.0)
    assert (done.was_done, done.errors) == (True, ())


def test_a_run_that_no_host_carried_out_tells_why(host: Host) -> None:
    run = rows.run(host, RunState.FAILED)
    HostRun.objects.update(error="The engine does not answer.")
    over = wait(run.pk, 60.0)
    assert (over.was_done, over.errors) == (False, (("nas", "The engine does not answer."),))


def test_requests_that_wait_are_bounded(ask: Ask, host: Host, worker: None) -> None:
    for _ in range(3):
        WAITING.take()
    try:
        answer = ask("POST", "/v1/update")
        assert (answer.status_code, "async=true" in answer.json()["error"]) == (503, True)
        assert not UpdateRun.objects.exists()
        assert ask("POST", "/v1/update?async=true").status_code == 202
    finally:
        for _ in range(3):
            WAITING.leave()


def test_a_seat_is_free_again_after_a_refusal() -> None:
    seats = Seats(1, "Full.")
    for _ in range(2):
        with pytest.raises(Refused, match="Over"), seats.taken():
            raise Refused(408, "Over.")
    seats.take()
    with pytest.raises(Refused, match="Full"):
        seats.take()
