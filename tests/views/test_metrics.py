"""Metrics are closed by default, and open to a token, to those who may see, or by a setting."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics

from updates.models import ApiToken
from updates.models.api_token import Scope

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("address", ["/metrics", "/v1/metrics"])
PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.1"
)


@pytest.fixture
def secret(operator: User) -> str:
    return ApiToken.objects.issue(operator, "prometheus", Scope.READ)[1]


def status(client: Client, address: str, secret: str) -> int:
    return client.get(address, headers={"Authorization": f"Bearer {secret}"}).status_code


@BOTH
def test_a_token_that_may_read_gets_them(address: str, secret: str, client: Client) -> None:
    answer = client.get(address, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "# HELP watch" in answer.text


@BOTH
def test_nobody_and_a_bad_or_expired_or_revoked_token_get_401(
    address: str, secret: str, client: Client
) -> None:
    refused = client.get(address)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="metrics"',
    )
    assert status(client, address, "ww_no-such-token") == 401
    assert status(client, address, "\x00") == 401
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status(client, address, secret) == 401
    ApiToken.objects.update(expires_at=None)
    assert status(client, address, secret) == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert status(client, address, secret) == 401


@BOTH
def test_a_person_needs_the_rights_to_see_what_is_named(
    address: str, clerk: Callable[..., Client], secret: str
) -> None:
    assert clerk("view_registry", "view_schedule").get(address).status_code == 200
    person = clerk("view_registry")
    assert person.get(address).status_code == 403
    assert status(person, address, secret) == 200


@BOTH
def test_a_setting_opens_them_to_all(address: str, client: Client, settings: object) -> None:
    settings.WATCHWEB_METRICS_OPEN = True  # type: ignore[attr-defined]
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("accept", "is_openmetrics"),
    [
        (PROMETHEUS, True),
        ("application/openmetrics-text", True),
        ("text/plain, application/openmetrics-text;q=0.1", False),
        ("text/html,*/*;q=0.8", False),
        ("application/openmetrics-text;version=nonsense;q=nonsense, text/plain", False),
        ("", False),
    ],
)
def test_openmetrics_is_for_those_who_prefer_it(
    accept: str, is_openmetrics: bool, client: Client, settings: object
) -> None:
    settings.WATCHWEB_METRICS_OPEN = True  # type: ignore[attr-defined]
    answer = client.get("/metrics", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith("application/openmetrics") is is_openmetrics
    assert answer.text.endswith("# EOF\n") is is_openmetrics
    if is_openmetrics:
        assert list(openmetrics(answer.text))  # type: ignore[no-untyped-call]
