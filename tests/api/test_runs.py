"""Runs through the API: started, followed, looked through."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.api.conftest import Program
from tests.api.test_door import problem
from tests.views import rows
from updates.flow.session import Kind
from updates.models import ApiToken, ContainerResult, Host, IdempotencyKey, RunEvent, UpdateRun
from updates.models.api_token import Scope
from updates.models.run import RunState
from updates.runs.prune import prune


@pytest.fixture
def hand(program: Callable[..., Program]) -> Program:
    """Whoever may start runs, and nothing else."""
    return program(Scope.UPDATE, rights=("start_run",))


def test_a_run_is_started_and_queued(hand: Program, host: Host) -> None:
    answer = hand.post("/runs", {"kind": "scan"})
    assert answer.status_code == 202
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == f"/api/v1/runs/{run.pk}"
    assert (answer.json()["id"], answer.json()["state"]) == (run.pk, "queued")
    assert (run.trigger, run.parameters().max_age_s) == ("api", 0)
    assert run.api_token == ApiToken.objects.get()
    assert run.user == run.api_token.owner
    assert OrmQ.objects.count() == 1


def test_chosen_hosts_and_containers_take_part_alone(hand: Program, host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    web = rows.container(host, "web")
    hand.post("/runs", {"kind": "update", "hosts": [other.pk]})
    run = UpdateRun.objects.latest("pk")
    assert [part.host for part in run.host_runs.all()] == [other]
    answer = hand.post("/runs", {"kind": "update", "containers": [web.pk]})
    assert answer.json()["names"] == ["nas/web"]
    run = UpdateRun.objects.latest("pk")
    assert [part.host for part in run.host_runs.all()] == [host]


def test_what_is_not_there_is_named(hand: Program, host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    web = rows.container(host, "web")
    for body, field in (
        ({"hosts": [7777]}, "hosts"),
        ({"containers": [web.pk, 7777]}, "containers"),
        ({"containers": [web.pk], "hosts": [other.pk]}, "containers"),
    ):
        [error] = problem(hand.post("/runs", {"kind": "scan"} | body), 422)["errors"]
        assert error["field"] == field
    assert not UpdateRun.objects.exists()


def test_without_an_enabled_host_there_is_nothing_to_start(hand: Program, host: Host) -> None:
    Host.objects.update(enabled=False)
    found = problem(hand.post("/runs", {"kind": "scan"}), 409)
    assert "There is no enabled host" in found["detail"]


def test_the_list_is_narrowed_and_paged_from_the_newest(admin: Program, host: Host) -> None:
    made = [rows.run(host).pk for _ in range(5)]
    scan = rows.run(host, RunState.QUEUED, Kind.SCAN, trigger="schedule").pk
    first = admin.get("/runs?limit=2&kind=update").json()
    assert [one["id"] for one in first["items"]] == [made[4], made[3]]
    second = admin.get(first["next"].removeprefix("/api/v1")).json()
    assert [one["id"] for one in second["items"]] == [made[2], made[1]]
    last = admin.get(second["next"].removeprefix("/api/v1")).json()
    assert ([one["id"] for one in last["items"]], last["next"]) == ([made[0]], None)
    for query in ("kind=scan", "state=queued", "trigger=schedule"):
        assert [one["id"] for one in admin.get(f"/runs?{query}").json()["items"]] == [scan]
    assert len(admin.get(f"/runs?host={host.pk}").json()["items"]) == 6
    assert admin.get("/runs?host=7777").json()["items"] == []


def test_a_run_is_shown_with_results_and_events(admin: Program, host: Host) -> None:
    run = rows.run(host)
    rows.result(run, "web")
    rows.result(run, "db", "failed", reason="No.", log="last words")
    rows.event(run, "Something happened.", "web")
    found = admin.get(f"/runs/{run.pk}").json()
    assert found["counts"] == {"updated": 1, "failed": 1}
    assert [(one["host_name"], one["state"]) for one in found["hosts"]] == [("nas", "finished")]
    assert [one["name"] for one in found["results"]["items"]] == ["db", "web"]
    assert found["results"]["items"][0]["log"] == "last words"
    assert [one["message"] for one in found["events"]["items"]] == ["Something happened."]


def test_what_is_more_than_a_page_is_named(admin: Program, host: Host) -> None:
    run = rows.run(host)
    part = run.host_runs.get()
    ContainerResult.objects.bulk_create(
        ContainerResult(host_run=part, container_id=f"{n}", name=f"app-{n}", state="fresh")
        for n in range(150)
    )
    RunEvent.objects.bulk_create(RunEvent(host_run=part, message=f"{n}") for n in range(150))
    found = admin.get(f"/runs/{run.pk}").json()
    for what in ("results", "events"):
        assert len(found[what]["items"]) == 100
        rest = admin.get(found[what]["next"].removeprefix("/api/v1")).json()
        assert (len(rest["items"]), rest["next"]) == (50, None)


def test_an_unchanged_run_is_a_304_at_little_cost(
    admin: Program, host: Host, django_assert_max_num_queries: Any
) -> None:
    run = rows.run(host, RunState.RUNNING)
    rows.result(run, "web", "")
    etag = admin.get(f"/runs/{run.pk}").headers["ETag"]
    with django_assert_max_num_queries(5):  # The token's, and four.
        again = admin.get(f"/runs/{run.pk}", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    ContainerResult.objects.update(state="updated")
    moved = admin.get(f"/runs/{run.pk}", **{"If-None-Match": etag})
    assert (moved.status_code, moved.json()["counts"]) == (200, {"updated": 1})
    problem(admin.get("/runs/7777", **{"If-None-Match": etag}), 404)


def test_a_run_is_cancelled_once(hand: Program, host: Host) -> None:
    run = rows.run(host, RunState.QUEUED)
    answer = hand.post(f"/runs/{run.pk}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert answer.json()["cancelled_at"]
    assert UpdateRun.objects.get().cancelled_by
    assert "It is over." in problem(hand.post(f"/runs/{run.pk}/cancel"), 409)["detail"]
    at_work = rows.run(host, RunState.RUNNING)
    first = hand.post(f"/runs/{at_work.pk}/cancel")
    assert (first.status_code, first.json()["state"]) == (202, "running")
    second = problem(hand.post(f"/runs/{at_work.pk}/cancel"), 409)
    assert second["detail"] == "It is being cancelled already."
    problem(hand.post("/runs/7777/cancel"), 404)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["api", "db", "web"]),
        ("state=failed", ["db"]),
        ("container=web", ["web"]),
        ("host=7777", []),
        ("run={run}", ["db", "web"]),
        ("run={run}&state=updated&host={host}", ["web"]),
        ("run=7777", []),
        ("limit=1", ["api"]),
    ],
)
def test_results_are_narrowed(query: str, names: list[str], admin: Program, host: Host) -> None:
    first = rows.run(host)
    rows.result(first, "web")
    rows.result(first, "db", "failed")
    rows.result(rows.run(host), "api")
    found = admin.get(f"/results?{query.format(run=first.pk, host=host.pk)}").json()
    assert [one["name"] for one in found["items"]] == names


def test_the_same_key_starts_one_run(hand: Program, host: Host) -> None:
    web = rows.container(host, "web")
    key = {"Idempotency-Key": "nightly-1"}
    body = {"kind": "update", "containers": [web.pk]}
    answers = [hand.post("/runs", body, **key) for _ in range(3)]
    assert [one.status_code for one in answers] == [202] * 3
    assert len({one.json()["id"] for one in answers}) == 1
    assert UpdateRun.objects.count() == OrmQ.objects.count() == 1
    other = hand.post("/runs", {"kind": "scan"}, **key)
    assert "used for another request" in problem(other, 422)["detail"]
    assert hand.post("/runs", body).json()["id"] != answers[0].json()["id"]


def test_a_key_is_its_owners_own(program: Callable[..., Program], host: Host) -> None:
    key = {"Idempotency-Key": "same"}
    for _ in range(2):
        program().post("/runs", {"kind": "scan"}, **key)
    assert UpdateRun.objects.count() == 2


def test_a_start_that_failed_may_be_tried_again_with_its_key(hand: Program, host: Host) -> None:
    key = {"Idempotency-Key": "again"}
    Host.objects.update(enabled=False)
    problem(hand.post("/runs", {"kind": "scan"}, **key), 409)
    Host.objects.update(enabled=True)
    assert hand.post("/runs", {"kind": "scan"}, **key).status_code == 202


def test_a_key_is_forgotten_after_a_day(hand: Program, host: Host) -> None:
    key = {"Idempotency-Key": "old"}
    for _ in range(2):
        hand.post("/runs", {"kind": "scan"}, **key)
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24))
    assert UpdateRun.objects.count() == 2
    prune()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7fb", "schlüssel"])
def test_a_key_is_plain_text(key: str, hand: Program, host: Host) -> None:
    found = problem(hand.post("/runs", {"kind": "scan"}, **{"Idempotency-Key": key}), 422)
    assert found["errors"][0]["field"] == "Idempotency-Key"


def test_a_rollback_takes_a_key_too(hand: Program, host: Host) -> None:
    web = rows.container(host, "web")
    rows.result(rows.run(host), "web", old_image_id="sha256:0", new_image_id=rows.DIGEST)
    key = {"Idempotency-Key": "back"}
    numbers = {hand.post(f"/containers/{web.pk}/rollback", **key).json()["id"] for _ in range(2)}
    assert len(numbers) == 1
