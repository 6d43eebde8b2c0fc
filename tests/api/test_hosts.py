"""Hosts through the API; the client key goes in and never out."""

import json
from typing import Any

import pytest
from trustme import CA

from tests.api.conftest import Program
from tests.api.test_door import problem
from tests.fakes.engine_server import LISTED, EngineServer
from tests.views import rows
from updates.models import Host
from updates.models.run import RunState


@pytest.fixture(scope="module")
def identity() -> dict[str, str]:
    """A client certificate and its key."""
    leaf = CA().issue_cert("client.example.com")
    key = leaf.private_key_pem.bytes().decode()
    return {"tls_cert": leaf.cert_chain_pems[0].bytes().decode(), "tls_key": key}


def test_one_is_added_listed_changed_and_deleted(admin: Program) -> None:
    made = admin.post("/hosts", {"name": "nas", "url": "tcp://10.0.0.5:2376"})
    assert made.status_code == 201
    key = made.json()["id"]
    assert [one["name"] for one in admin.get("/hosts").json()["items"]] == ["nas"]
    changed = admin.ask("PATCH", f"/hosts/{key}", {"enabled": False})
    assert (changed.json()["enabled"], changed.json()["url"]) == (False, "tcp://10.0.0.5:2376")
    assert admin.get(f"/hosts/{key}").json() == changed.json()
    assert admin.ask("DELETE", f"/hosts/{key}").status_code == 204
    problem(admin.get(f"/hosts/{key}"), 404)


def test_its_client_key_is_never_in_an_answer(admin: Program, identity: dict[str, str]) -> None:
    body = {"name": "nas", "url": "tcp://10.0.0.5:2376"} | identity
    made = admin.post("/hosts", body)
    key = made.json()["id"]
    answers = [made, admin.get(f"/hosts/{key}"), admin.get("/hosts")]
    answers.append(admin.ask("PATCH", f"/hosts/{key}", {"queue": "far"}))
    for answer in answers:
        assert "PRIVATE KEY" not in answer.text
        assert '"has_tls_key": true' in answer.text
    assert Host.objects.get().tls_key == identity["tls_key"], "what is left out stays"


def test_a_key_that_was_pasted_into_the_certificate_is_not_shown(
    admin: Program, host: Host
) -> None:
    Host.objects.update(tls_cert="-----BEGIN PRIVATE KEY-----\nx")
    assert admin.get(f"/hosts/{host.pk}").json()["tls_cert"] == ""


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"url": "ftp://x"}, "url", "An engine's address starts with"),
        ({"url": ""}, "url", "at least 1 character"),
        ({"name": "a b"}, "name", "match pattern"),
        ({"tls_ca": "x"}, "tls_ca", "no CA certificate"),
        ({"tls_cert": "x"}, "", "belong together"),
        ({"enabled": "yes"}, "enabled", "valid boolean"),
        ({"engine_version": "1"}, "engine_version", "no such field"),
    ],
)
def test_a_fault_is_named_by_field(
    body: dict[str, Any], field: str, sentence: str, admin: Program, host: Host
) -> None:
    for answer in (
        admin.ask("PATCH", f"/hosts/{host.pk}", body),
        admin.post("/hosts", {"name": "new", "url": "unix:///x.sock"} | body),
    ):
        [error] = problem(answer, 422)["errors"]
        assert error["field"] == field
        assert sentence in error["message"]
    assert Host.objects.get() == host


def test_a_name_that_is_taken_is_a_conflict(admin: Program, host: Host) -> None:
    found = problem(admin.post("/hosts", {"name": "nas", "url": "unix:///x.sock"}), 409)
    assert "already exists" in found["detail"]


def test_a_host_with_an_open_run_is_not_deleted(admin: Program, host: Host) -> None:
    rows.run(host, RunState.RUNNING)
    assert (
        "A run is open on nas" in problem(admin.ask("DELETE", f"/hosts/{host.pk}"), 409)["detail"]
    )
    assert Host.objects.exists()


def test_a_change_leaves_alone_what_a_worker_noted_meanwhile(admin: Program, host: Host) -> None:
    Host.objects.update(last_error="It was away.")
    admin.ask("PATCH", f"/hosts/{host.pk}", {"queue": "far"})
    assert Host.objects.get().last_error == "It was away."


def test_its_engine_is_tried(admin: Program, host: Host) -> None:
    with EngineServer(answers=dict(LISTED)) as server:
        Host.objects.update(url=server.url)
        found = admin.post(f"/hosts/{host.pk}/test").json()
    assert (found["reached"], found["engine_version"]) == (True, "99.0")
    assert [one["step"] for one in found["steps"]] == ["reach", "tls", "version", "containers"]
    assert found["steps"][1]["outcome"] == "warning", "nothing is encrypted"
    assert Host.objects.get().last_seen_at
    assert Host.objects.get().latency_ms is not None
    away = admin.post(f"/hosts/{host.pk}/test").json()
    assert (away["reached"], away["engine_version"]) == (False, "")
    assert away["error"] == Host.objects.get().last_error != ""


def test_the_list_is_searched_and_paged(admin: Program) -> None:
    for number in range(5):
        Host.objects.create(name=f"host-{number}", url="unix:///x.sock")
    first = admin.get("/hosts?q=host&limit=2").json()
    assert (first["count"], len(first["items"])) == (5, 2)
    assert first["next"] == "/api/v1/hosts?q=host&limit=2&offset=2"
    last = json.loads(admin.client.get("/api/v1/hosts?limit=2&offset=4").content)
    assert ([one["name"] for one in last["items"]], last["next"]) == (["host-4"], None)
    assert admin.get("/hosts?q=host-3").json()["count"] == 1
