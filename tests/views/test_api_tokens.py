"""API access: one's own tokens, made, shown once, revoked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import ApiToken
from updates.models.api_token import Scope

ADD = "/api-tokens/add/"


def secret_in(page: str) -> str:
    found = re.search(r"ww_[\w-]+", page.replace("<wbr>", ""))
    assert found
    return found[0]


def test_a_token_is_made_shown_once_and_works(signed_in: Client, operator: User) -> None:
    answer = signed_in.post(ADD, {"name": "backup script", "scope": "update", "last_day": ""})
    secret = secret_in(answer.text)
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.presented(secret)
    assert token
    assert (token.owner, token.scope, token.expires_at) == (operator, Scope.UPDATE, None)
    page = rows.text(signed_in, "/api-tokens/")
    assert "backup script" in page
    assert token.hint in page
    assert secret not in page.replace("<wbr>", "")


def test_its_last_day_ends_at_midnight(signed_in: Client, settings: object) -> None:
    day = timezone.localdate() + timedelta(days=1)
    signed_in.post(ADD, {"name": "x", "scope": "read", "last_day": f"{day}"})
    expires = ApiToken.objects.get().expires_at
    assert expires is not None
    assert timezone.localtime(expires).date() == day + timedelta(days=1)
    assert (expires.hour, expires.minute) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last_day": "2020-01-01"}, "This day is over."),
        ({"last_day": "9999-12-31"}, "No calendar reaches so far."),
        ({"last_day": "soon"}, "Enter a valid date."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "x\x00"}, "Null characters are not allowed."),
        ({"scope": "admin"}, "Select a valid choice."),
    ],
)
def test_a_fault_is_said_beside_its_field(
    typed: dict[str, str], sentence: str, signed_in: Client
) -> None:
    answer = signed_in.post(ADD, {"name": "x", "scope": "read", "last_day": ""} | typed)
    assert sentence in answer.text
    assert "No token was created yet" in answer.text
    assert not ApiToken.objects.exists()


def test_only_scopes_that_the_person_reaches_are_offered(clerk: Callable[..., Client]) -> None:
    assert scopes(clerk()) == ["read"]
    assert scopes(clerk("start_run")) == ["read", "update"]
    assert scopes(clerk("add_host")) == ["read", "admin"]


def scopes(client: Client) -> list[str]:
    return re.findall(r'<option value="(\w+)"', rows.text(client, ADD))


def test_each_sees_their_own_and_some_see_all(
    signed_in: Client, operator: User, clerk: Callable[..., Client]
) -> None:
    ApiToken.objects.issue(operator, "of-operator", Scope.READ)
    assert "of-operator" in rows.text(signed_in, "/api-tokens/")
    assert "of-operator" not in rows.text(clerk(), "/api-tokens/")
    overseer = rows.text(clerk("view_apitoken"), "/api-tokens/")
    assert "of-operator" in overseer
    assert "Revoke" not in overseer


def test_whose_a_token_is_stands_there_once_there_are_several(
    signed_in: Client, operator: User, clerk: Callable[..., Client]
) -> None:
    ApiToken.objects.issue(operator, "one", Scope.READ)
    overseer = clerk("view_apitoken")
    assert "Owner" not in rows.text(overseer, "/api-tokens/")
    ApiToken.objects.issue(User.objects.create(username="anna"), "two", Scope.READ)
    assert "Owner" in rows.text(overseer, "/api-tokens/")


def test_when_a_token_ends_is_told_from_now(signed_in: Client, operator: User) -> None:
    token, _ = ApiToken.objects.issue(operator, "script", Scope.READ)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() + timedelta(days=90.5))
    assert "in 2 months" in rows.text(signed_in, "/api-tokens/").replace("\xa0", " ")


def test_a_token_is_revoked_after_a_question(signed_in: Client, operator: User) -> None:
    token, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    address = f"/api-tokens/{token.pk}/revoke/"
    assert "Revoke script?" in rows.text(signed_in, address)
    assert ApiToken.objects.presented(secret)
    assert "was revoked:" in signed_in.post(address, follow=True).text
    assert ApiToken.objects.presented(secret) is None
    assert "was revoked before" in signed_in.post(address, follow=True).text


def test_anothers_token_is_revoked_by_right_alone(
    operator: User, clerk: Callable[..., Client]
) -> None:
    token, _ = ApiToken.objects.issue(operator, "script", Scope.READ)
    address = f"/api-tokens/{token.pk}/revoke/"
    for stranger in (clerk(), clerk("view_apitoken")):
        assert stranger.post(address).status_code == 404
    clerk("view_apitoken", "change_apitoken").post(address)
    token.refresh_from_db()
    assert token.state == "revoked"
