"""Who may ask for what, and by which way a token comes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.watchtower_api.conftest import Ask, hang_up
from updates.models import ApiToken, UpdateRun
from updates.models.api_token import Scope
from updates.watchtower_api.callers import is_same

LIST = "/v1/containers"


@pytest.mark.parametrize("sent", ["Bearer {}", "bearer {}", "{}", "Bearer   {} "])
def test_the_header_may_be_spelled_as_watchtowers_callers_do(
    sent: str, client: Client, secrets: dict[Scope, str]
) -> None:
    headers = {"Authorization": sent.format(secrets[Scope.READ])}
    assert client.get(LIST, headers=headers).status_code == 200


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer \u00e9"])
def test_without_a_token_that_counts_it_is_401_as_json(sent: str, client: Client, db: None) -> None:
    answer = client.get(LIST, headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == {"error", "api_version", "timestamp"}


def test_an_expired_and_a_revoked_token_are_401(client: Client, operator: User) -> None:
    past = timezone.now() - timedelta(seconds=1)
    _, expired = ApiToken.objects.issue(operator, "x", Scope.READ, past)
    row, revoked = ApiToken.objects.issue(operator, "y", Scope.READ)
    ApiToken.objects.revoke(row.pk)
    for secret in (expired, revoked):
        assert client.get(LIST, headers={"Authorization": secret}).status_code == 401


@pytest.mark.parametrize("address", ["/v1/update", "/v1/check"])
def test_a_token_that_may_only_read_starts_nothing(address: str, ask: Ask) -> None:
    answer = ask("POST", address, Scope.READ)
    assert answer.status_code == 403
    assert not UpdateRun.objects.exists()


def test_a_session_alone_is_not_enough(admin_client: Client) -> None:
    assert admin_client.get(LIST).status_code == 401


def test_a_cookie_reads_and_does_nothing_else(client: Client, secrets: dict[Scope, str]) -> None:
    client.cookies["access_token"] = secrets[Scope.ADMIN]
    assert client.get(LIST).status_code == 200
    for method in ("GET", "POST"):
        assert client.generic(method, "/v1/update").status_code == 401
    assert client.post("/v1/check").status_code == 401
    assert not UpdateRun.objects.exists()


def test_a_wrong_header_is_not_made_up_for_by_a_cookie(
    client: Client, secrets: dict[Scope, str]
) -> None:
    client.cookies["access_token"] = secrets[Scope.READ]
    assert client.get(LIST, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_address_is_no_place_for_a_token_but_for_events(
    client: Client, secrets: dict[Scope, str]
) -> None:
    assert client.get(f"{LIST}?access_token={secrets[Scope.READ]}").status_code == 401
    for scope, status in ((Scope.READ, 200), (Scope.UPDATE, 401), (Scope.ADMIN, 401)):
        answer = client.get(f"/v1/events?access_token={secrets[scope]}")
        hang_up(answer)
        assert answer.status_code == status, scope


@pytest.mark.django_db
class TestTheEnvironmentsToken:
    """WATCHTOWER_HTTP_API_TOKEN and WATCHTOWER_HTTP_API_EVENTS_TOKEN."""

    @pytest.fixture(autouse=True)
    def given(self, settings: Any) -> None:
        settings.WATCHTOWER_HTTP_API_TOKEN = "api-token"
        settings.WATCHTOWER_HTTP_API_EVENTS_TOKEN = "events-token"

    def test_it_reads_and_updates(self, client: Client) -> None:
        headers = {"Authorization": "Bearer api-token"}
        assert client.get(LIST, headers=headers).status_code == 200
        answer = client.post("/v1/update", headers=headers)
        assert (answer.status_code, "no enabled host" in answer.json()["error"]) == (503, True)

    def test_it_is_never_taken_from_the_address(self, client: Client) -> None:
        assert client.get("/v1/events?access_token=api-token").status_code == 401

    def test_the_one_for_events_is_for_events_alone(self, client: Client) -> None:
        headers = {"Authorization": "Bearer events-token"}
        assert client.get(LIST, headers=headers).status_code == 401
        for answer in (
            client.get("/v1/events", headers=headers),
            client.get("/v1/events?access_token=events-token"),
        ):
            hang_up(answer)
            assert answer.status_code == 200

    def test_an_empty_one_lets_nobody_in(self, client: Client, settings: Any) -> None:
        settings.WATCHTOWER_HTTP_API_TOKEN = settings.WATCHTOWER_HTTP_API_EVENTS_TOKEN = ""
        for address in (LIST, "/v1/events?access_token="):
            for sent in ("", "Bearer ", "Bearer"):
                answer = client.get(address, headers={"Authorization": sent})
                assert answer.status_code == 401


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("", "", False),
        ("a", "", False),
        ("\ud800", "a", False),
    ],
)
def test_secrets_are_compared(given: str, expected: str, same: bool) -> None:
    assert is_same(given, expected) is same
