"""Registries through the API; passwords, tokens and keys go in and never out."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.api.conftest import Program
from tests.api.test_door import problem
from tests.fakes.registry import FakeRegistry
from tests.views import rows
from updates.models import Registry, RegistryToken

SECRET = "p4ssw0rd-of-the-robot"


def test_one_is_added_listed_changed_and_deleted(admin: Program) -> None:
    body = {"domain": "registry.example.com", "username": "robot", "password": SECRET}
    made = admin.post("/registries", body)
    assert made.status_code == 201
    key = made.json()["id"]
    changed = admin.ask("PATCH", f"/registries/{key}", {"realm_hosts": "auth.example.com"})
    listed = admin.get("/registries")
    for answer in (made, changed, listed, admin.get(f"/registries/{key}")):
        assert SECRET not in answer.text
        assert '"has_password": true' in answer.text
    assert Registry.objects.get().password == SECRET
    rows.token("registry.example.com")
    assert admin.ask("DELETE", f"/registries/{key}").status_code == 204
    assert not RegistryToken.objects.exists()


def test_it_tells_of_the_sign_in_and_the_certificate(admin: Program) -> None:
    end = timezone.now().replace(microsecond=0)
    facts = {
        "sign_in": "refused",
        "signed_in_as": "",
        "sign_in_refusal": "Correct the password.",
        "certificate_subject": "CN=registry.example.com",
        "certificate_issuer": "CN=R11",
    }
    row = rows.registry(certificate_expires_at=end, **facts)
    told = admin.get(f"/registries/{row.pk}").json()
    assert {name: told[name] for name in facts} == facts
    assert datetime.fromisoformat(told["certificate_expires_at"]) == end


def test_an_empty_secret_takes_it_away(admin: Program) -> None:
    row = rows.registry(username="robot", password=SECRET)
    answer = admin.ask("PATCH", f"/registries/{row.pk}", {"password": "", "username": ""})
    assert answer.json()["has_password"] is False


def test_reading_opens_no_secret(admin: Program, settings: Any) -> None:
    row = rows.registry(username="robot", password=SECRET)
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    assert admin.get("/registries").status_code == 200
    assert admin.get(f"/registries/{row.pk}").json()["has_password"] is True


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"domain": "https://x.io/"}, "domain", "as it stands in image names"),
        ({"kind": "ecr"}, "domain", "no private ECR registry"),
        ({"kind": "other"}, "kind", "Input should be"),
        ({"username": "x"}, "", "belong together"),
        ({"trust": "ca"}, "ca_pem", "needs a CA certificate"),
        ({"ca_pem": "x"}, "ca_pem", "is not PEM"),
        ({"passwort": "x"}, "passwort", "no such field"),
    ],
)
def test_a_fault_is_named_by_field(
    body: dict[str, Any], field: str, sentence: str, admin: Program, db: None
) -> None:
    answer = admin.post("/registries", {"domain": "registry.example.com"} | body)
    [error] = problem(answer, 422)["errors"]
    assert error["field"] == field
    assert sentence in error["message"]
    assert not Registry.objects.exists()


def test_a_domain_that_is_taken_is_a_conflict(admin: Program) -> None:
    rows.registry("ghcr.io")
    problem(admin.post("/registries", {"domain": "ghcr.io"}), 409)


def test_the_way_in_is_tried_step_by_step(admin: Program) -> None:
    with FakeRegistry() as fake:
        fake.put("team/app", "1")
        row = rows.registry(fake.address, plain_http=True)
        found = admin.post(f"/registries/{row.pk}/test", {"image": "team/app:1"}).json()
        outcomes = {one["step"]: one["outcome"] for one in found["steps"]}
        assert (outcomes["ping"], outcomes["manifest"]) == ("ok", "ok")
        wrong = admin.post(f"/registries/{row.pk}/test", {"image": "ghcr.io/a/b"})
        assert problem(wrong, 422)["errors"][0]["field"] == "image"
        assert admin.post(f"/registries/{row.pk}/test").json()["steps"]
