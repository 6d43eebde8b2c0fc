"""The inventory through the API, and what is done to one container."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Program
from tests.api.test_door import problem
from tests.views import rows
from updates.models import Container, Hold, Host, UpdateRun
from updates.models.api_token import Scope

OLD = "sha256:" + "0a" * 32


@pytest.fixture
def web(host: Host) -> Container:
    """It was updated once, and the registry has a newer image."""
    row = rows.container(
        host, "web", stack="shop", status="update_available", remote_digest=rows.NEW_DIGEST
    )
    facts = {"old_image_id": OLD, "new_image_id": rows.DIGEST, "old_version": "1"}
    rows.result(rows.run(host), "web", **facts)
    return row


@pytest.fixture
def hand(program: Callable[..., Program]) -> Program:
    """Whoever may start runs, and nothing else."""
    return program(Scope.UPDATE, rights=("start_run",))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["db", "web", "web"]),
        ("q=web", ["web", "web"]),
        ("q=shop", ["web"]),
        ("name=web&host={host}", ["web"]),
        ("image=example.com/db", ["db"]),
        ("stack=shop", ["web"]),
        ("state=exited", ["db"]),
        ("status=update_available", ["web"]),
        ("host={host}", ["db", "web"]),
        ("host=7777", []),
        ("name=nothing", []),
    ],
)
def test_the_list_is_narrowed(
    query: str, names: list[str], web: Container, admin: Program, host: Host
) -> None:
    rows.container(host, "db", state="exited")
    rows.container(Host.objects.create(name="zoo", url="unix:///x.sock"), "web")
    found = admin.get(f"/containers?{query.format(host=host.pk)}").json()
    assert [one["name"] for one in found["items"]] == names
    assert found["count"] == len(names)


def test_one_is_shown_with_its_past(web: Container, admin: Program, host: Host) -> None:
    Hold.objects.create(host=host, container="web", digest=rows.NEW_DIGEST, reason="It failed.")
    found = admin.get(f"/containers/{web.pk}").json()
    assert (found["name"], found["host_name"], found["state"]) == ("web", "nas", "running")
    assert [one["reason"] for one in found["holds"]] == ["It failed."]
    assert [(one["key"], one["version"]) for one in found["images"]] == [(rows.DIGEST, "1")]
    [done] = found["history"]["items"]
    assert (done["state"], done["new_digest"]) == ("updated", rows.NEW_DIGEST)
    problem(admin.get("/containers/7777"), 404)


def test_it_is_rolled_back_by_a_run(web: Container, hand: Program) -> None:
    answer = hand.post(f"/containers/{web.pk}/rollback", {"to": rows.DIGEST[:16]})
    assert answer.status_code == 202
    run = UpdateRun.objects.latest("pk")
    assert answer.headers["Location"] == f"/api/v1/runs/{run.pk}"
    assert (run.trigger, run.parameters().names) == ("api", ("nas/web",))
    assert run.parameters().back_to
    assert run.user
    assert hand.post(f"/containers/{web.pk}/rollback").status_code == 202


def test_what_it_never_had_is_a_conflict(web: Container, hand: Program, host: Host) -> None:
    found = problem(hand.post(f"/containers/{web.pk}/rollback", {"to": "sha256:ffffff"}), 409)
    assert "No update took the image sha256:ffffff from web" in found["detail"]
    new = rows.container(host, "new")
    problem(hand.post(f"/containers/{new.pk}/rollback"), 409)


def test_it_is_held_and_released(web: Container, hand: Program) -> None:
    address = f"/containers/{web.pk}/hold"
    assert hand.ask("PUT", address, {"reason": "Not before Monday."}).status_code == 200
    assert hand.ask("PUT", address).json()["reason"].endswith("holds it.")
    assert Hold.objects.get().digest == ""
    assert hand.ask("DELETE", address).status_code == 204
    assert not Hold.objects.exists()
    problem(hand.ask("DELETE", address), 404)


def test_an_image_is_blocked_and_approved(web: Container, hand: Program) -> None:
    address = f"/containers/{web.pk}/blocks"
    assert hand.ask("PUT", address).json()["digest"] == rows.NEW_DIGEST, "what the registry has"
    other = hand.ask("PUT", address, {"digest": OLD, "reason": "Broken."}).json()
    assert (other["digest"], other["reason"]) == (OLD, "Broken.")
    assert Hold.objects.count() == 2
    assert hand.ask("DELETE", f"{address}/{OLD}").status_code == 204
    problem(hand.ask("DELETE", f"{address}/{OLD}"), 404)
    assert Hold.objects.get().digest == rows.NEW_DIGEST


def test_a_hold_is_not_approved_away_as_a_block(web: Container, hand: Program) -> None:
    hand.ask("PUT", f"/containers/{web.pk}/hold")
    for digest in ("%20", "sha256:ff"):
        problem(hand.ask("DELETE", f"/containers/{web.pk}/blocks/{digest}"), 404)
    assert Hold.objects.exists()


def test_a_block_needs_to_know_the_image(web: Container, hand: Program) -> None:
    Container.objects.update(remote_digest="")
    found = problem(hand.ask("PUT", f"/containers/{web.pk}/blocks"), 422)
    assert found["errors"][0]["field"] == "digest"
    answer = hand.ask("PUT", f"/containers/{web.pk}/blocks", {"digest": "latest"})
    assert problem(answer, 422)["errors"][0]["field"] == "digest"
