"""The document of the API, and the page that shows it."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.api.conftest import Program
from tests.views import rows
from updates.api.document import document


def test_it_names_every_operation_once() -> None:
    found = document()
    assert found["openapi"] == "3.1.0"
    names = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == 25
    assert {"start_run", "list_containers", "try_registry"} <= set(names)


def test_every_operation_takes_a_token_and_may_fail_with_a_problem() -> None:
    for path, methods in document()["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in methods.values():
            assert operation["security"] == [{"token": []}]
            for status, answer in operation["responses"].items():
                is_problem = "application/problem+json" in answer.get("content", {})
                assert is_problem == (int(status) >= 400)


def test_secrets_are_marked_as_going_in_alone() -> None:
    schemas = document()["components"]["schemas"]
    for name, fields in (
        ("NewHost", ("tls_key",)),
        ("RegistryChange", ("password", "identity_token", "client_key")),
    ):
        for field in fields:
            assert schemas[name]["properties"][field]["writeOnly"] is True
    for name in ("HostDocument", "RegistryDocument"):
        assert not {"password", "identity_token", "client_key", "tls_key"} & set(
            schemas[name]["properties"]
        )


def test_it_is_served_to_whoever_has_a_token(admin: Program) -> None:
    answer = admin.get("/openapi.json")
    assert json.loads(answer.content)["info"]["title"] == "Watchweb"
    assert (
        admin.get("/openapi.json", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )
    assert admin.post("/openapi.json").status_code == 405


def test_the_page_names_every_operation_without_scripts(signed_in: Client) -> None:
    page = rows.text(signed_in, "/api/v1/docs")
    assert "POST /api/v1/runs" in page
    assert 'data-document="/api/v1/openapi.json"' in page


def test_the_page_takes_its_files_from_here(signed_in: Client) -> None:
    page = rows.text(signed_in, "/api/v1/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert any("swagger-ui" in one for one in addresses)
    assert not [one for one in addresses if "//" in one]


def test_the_page_asks_for_a_login(client: Client, db: None) -> None:
    assert client.get("/api/v1/docs").headers["Location"].startswith("/login/")


@pytest.mark.parametrize("word", sorted(["Idempotency-Key", "If-None-Match", "problem+json"]))
def test_the_manual_tells_of_it(word: str) -> None:
    assert word in (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
