"""Whatever comes in, the answer is a sentence as JSON, and never a 500."""

from itertools import product
from typing import Any

import pytest
from django.test import Client

from tests.watchtower_api.conftest import Ask
from updates.models import Host

READS = ["containers", "containers/details", "images", "history", "status", "config"]
ODD = "%00", "%ff%fe", "%f0%9f%90%8b", "%ed%a0%80", "%25s", "'%20OR%201=1", "a" * 3000


def is_error(answer: Any, status: int) -> bool:
    facts = answer.json()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert set(facts) == {"error", "api_version", "timestamp"}
    return bool(answer.status_code == status and facts["error"])


@pytest.mark.parametrize("path", READS)
def test_reading_takes_get_and_head_alone(path: str, ask: Ask) -> None:
    assert ask("GET", f"/v1/{path}").status_code in (200, 204)
    assert ask("HEAD", f"/v1/{path}").content == b""
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = ask(method, f"/v1/{path}")
        assert is_error(answer, 405)
        assert answer.headers["Allow"] == "GET, HEAD"


def test_update_takes_get_as_the_first_watchtower_did_and_check_does_not(ask: Ask) -> None:
    for method in ("HEAD", "PUT", "DELETE"):
        assert ask(method, "/v1/update").headers["Allow"] == "GET, POST"
    assert is_error(ask("GET", "/v1/check"), 405)


@pytest.mark.parametrize("path", ["unknown", "update/", "containers/x", "", "metrics/x"])
def test_a_path_that_is_not_there_is_404_for_those_who_may_ask(
    path: str, ask: Ask, client: Client
) -> None:
    answer = ask("GET", f"/v1/{path}")
    assert answer.status_code == 404
    if path:
        assert is_error(answer, 404)
        assert client.get(f"/v1/{path}").status_code == 401


@pytest.mark.parametrize("path", [*READS, "update?async=true", "check?timeout=1ms"])
def test_odd_parameters_are_never_a_500(path: str, ask: Ask, host: Host) -> None:
    names = ("name", "image", "id", "container", "host", "since", "until", "limit", "x")
    method, mark = ("GET", "?") if path in READS else ("POST", "&")
    for name, odd in product(names, ODD):
        answer = ask(method, f"/v1/{path}{mark}{name}={odd}")
        assert answer.status_code < 500, (name, odd)
        assert answer.status_code < 300 or is_error(answer, answer.status_code)


def test_a_body_that_is_too_big_is_413(ask: Ask, host: Host) -> None:
    assert is_error(ask("POST", "/v1/update", data=b"x" * (2 << 20)), 413)


def test_probes_are_open_to_all(client: Client) -> None:
    for path in ("/livez", "/startupz"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"OK")
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405
