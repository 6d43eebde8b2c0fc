"""What every request passes: who, by which method, with what right, in which form."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.api.conftest import Program
from tests.views import rows
from updates.api.bodies import MAX_BODY_BYTES
from updates.api.document import document
from updates.models import ApiToken, Host, UpdateRun
from updates.models.api_token import Scope


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The document of a problem of this status."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == status
    assert found["type"].startswith("urn:watchweb:problem:")
    assert found["detail"]
    return found


def operations() -> list[tuple[str, str]]:
    """(method, path below /api/v1) of each, with keys that no row has."""
    return [
        (method.upper(), path.removeprefix("/api/v1").replace("{pk}", "7").replace("{digest}", "x"))
        for path, methods in document()["paths"].items()
        for method in methods
    ]


@pytest.mark.parametrize(("method", "path"), [*operations(), ("GET", "/nowhere"), ("PUT", "/")])
def test_nobody_is_asked_for_a_token_and_not_sent_to_the_login(
    method: str, path: str, client: Client, db: None
) -> None:
    answer = client.generic(method, f"/api/v1{path}")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Watchweb"'
    assert "API token" in problem(answer, 401)["detail"]


@pytest.mark.parametrize("sent", ["Bearer ww_nonsense", "Bearer ", "ww_nonsense"])
def test_a_wrong_token_is_refused_even_with_a_session(sent: str, admin_client: Client) -> None:
    answer = admin_client.get("/api/v1/hosts", headers={"Authorization": sent})
    assert "unknown, expired or revoked" in problem(answer, 401)["detail"]


def test_a_revoked_token_opens_nothing(admin: Program) -> None:
    assert admin.get("/hosts").status_code == 200
    ApiToken.objects.revoke(ApiToken.objects.get().pk)
    problem(admin.get("/hosts"), 401)


@pytest.mark.parametrize(("method", "path"), [one for one in operations() if one[0] != "GET"])
def test_a_token_to_read_changes_nothing(
    method: str, path: str, program: Callable[..., Program]
) -> None:
    answer = program(Scope.READ).ask(method, path, {})
    assert "takes a token of the scope" in problem(answer, 403)["detail"]


@pytest.mark.parametrize(("method", "path"), [one for one in operations() if one[0] != "GET"])
def test_a_token_does_nothing_that_its_owner_may_not(
    method: str, path: str, program: Callable[..., Program]
) -> None:
    answer = program(Scope.ADMIN, rights=()).ask(method, path, {})
    assert "lacks the right “Can" in problem(answer, 403)["detail"]


def test_hosts_and_registries_take_the_scope_admin(
    host: Host, program: Callable[..., Program]
) -> None:
    caller = program(Scope.UPDATE)
    for path in ("/hosts", "/registries"):
        assert "of the scope “admin”" in problem(caller.post(path, {}), 403)["detail"]
    assert caller.post("/runs", {"kind": "scan"}).status_code == 202


def test_registries_are_seen_by_right_alone(program: Callable[..., Program]) -> None:
    problem(program(Scope.READ, rights=()).get("/registries"), 403)
    assert program(Scope.READ, rights=("view_registry",)).get("/registries").status_code == 200


def test_a_session_reads_and_changes_with_its_csrf_token(operator: User, host: Host) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(operator)
    assert browser.get("/api/v1/hosts").status_code == 200
    token = browser.get("/api-tokens/add/").context["csrf_token"]
    body: dict[str, Any] = {"data": {"kind": "scan"}, "content_type": "application/json"}
    assert "X-CSRFToken" in problem(browser.post("/api/v1/runs", **body), 403)["detail"]
    assert not UpdateRun.objects.exists()
    answer = browser.post("/api/v1/runs", headers={"X-CSRFToken": str(token)}, **body)
    assert answer.status_code == 202
    assert UpdateRun.objects.get().user == operator


def test_a_token_needs_no_csrf_token(operator: User, host: Host) -> None:
    _, secret = ApiToken.objects.issue(operator, "x", Scope.UPDATE)
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    answer = program.post("/api/v1/runs", {"kind": "scan"}, content_type="application/json")
    assert answer.status_code == 202


def test_an_address_that_is_none_and_a_method_that_is_none_are_problems(admin: Program) -> None:
    for path in ("/nowhere", "/hosts/", "/hosts/x", "/hosts/9" + "9" * 5000, "/", "/hosts/%00"):
        problem(admin.get(path), 404)
    answer = admin.ask("PATCH", "/runs", {})
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("", 422, "missing"),
        ("{", 400, "not JSON: Expecting property name"),
        ('{"kind": NaN}', 400, "not JSON"),
        ('{"kind": ' + "9" * 5000 + "}", 400, "a number that is too long"),
        (b"\xff", 400, "not UTF-8"),
        ("[" * 100_000, 400, "nested too deeply"),
        ("[]", 422, "Give a JSON object."),
        ("null", 422, "JSON object"),
        ('{"kind": "scan\\u0000"}', 422, "kind: This is text that cannot be kept"),
        ('{"kind": "\\ud800"}', 422, "kind: This is text that cannot be kept"),
        ('{"k\\u0000": 1}', 422, "text that cannot be kept"),
        ('{"kind": "scan", "hots": [1]}', 422, "hots: There is no such field."),
        ('{"kind": "scam"}', 422, "kind: Input should be 'scan' or 'update'."),
        ('{"kind": "scan", "hosts": ["1"]}', 422, "hosts.0: Input should be a valid integer."),
        ('{"kind": "scan", "hosts": [9e99]}', 422, "hosts.0:"),
        ('{"kind": "scan", "hosts": [' + "9" * 30 + "]}", 422, "hosts.0:"),
        ('{"kind": "scan", "hosts": [' + "1," * 1000 + "1]}", 422, "hosts:"),
    ],
)
def test_a_wrong_body_is_refused_with_a_sentence(
    body: str | bytes, status: int, sentence: str, admin: Program
) -> None:
    found = problem(admin.post("/runs", body), status)
    assert sentence in found["detail"]
    assert not UpdateRun.objects.exists()


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/json; charset=latin-1"]
)
def test_only_json_is_taken(kind: str, admin: Program) -> None:
    answer = admin.client.generic("POST", "/api/v1/runs", "{}", content_type=kind)
    assert "application/json" in problem(answer, 415)["detail"]


def test_a_body_that_is_too_large_is_not_read(admin: Program) -> None:
    found = problem(admin.post("/runs", "x" * (MAX_BODY_BYTES + 1)), 413)
    assert str(MAX_BODY_BYTES) in found["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("hsot=1", "hsot"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("offset=-1", "offset"),
        ("offset=9999999999999999999999", "offset"),
        ("host=99999999999999999999", "host"),
        ("q=%00", "q"),
        ("q=" + "x" * 501, "q"),
        ("status=stale", "status"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str, admin: Program) -> None:
    [error] = problem(admin.get(f"/containers?{query}"), 422)["errors"]
    assert error["field"] == field


def test_a_thousand_parameters_are_refused(admin: Program) -> None:
    problem(admin.get("/containers?" + "&".join(f"a{n}=1" for n in range(2000))), 400)


def test_bad_utf8_in_a_parameter_finds_nothing(admin: Program) -> None:
    assert admin.get("/containers?q=%ff").json()["count"] == 0


def test_what_is_known_is_not_sent_again(admin: Program, host: Host) -> None:
    first = admin.get("/hosts")
    again = admin.get("/hosts", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Host.objects.update(enabled=False)
    changed = admin.get("/hosts", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_head_is_get_without_the_body(admin: Program, host: Host) -> None:
    answer = admin.ask("HEAD", "/hosts")
    assert (answer.status_code, answer.content) == (200, b"")
    whole = admin.get("/hosts")
    assert answer.headers["ETag"] == whole.headers["ETag"]
    assert answer.headers["Content-Length"] == str(len(whole.content))


def test_answers_are_for_their_caller_alone(admin: Program, client: Client) -> None:
    for answer in (admin.get("/hosts"), client.get("/api/v1/hosts")):
        assert "private" in answer.headers["Cache-Control"]
        assert {"Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_fault_of_ours_tells_nothing(admin: Program, settings: Any) -> None:
    """Keys that do not open what is saved."""
    row = rows.registry(username="u", password="p4ssw0rd")
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    answer = admin.ask("PATCH", f"/registries/{row.pk}", {"realm_hosts": "x.example"})
    assert problem(answer, 500)["detail"] == "Watchweb failed at this; its log says why."
