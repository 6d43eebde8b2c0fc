"""The token in a request's header."""

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory

from updates.api.bearer import token_of
from updates.models import ApiToken
from updates.models.api_token import Scope


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "{}", " Bearer   {} "])
def test_a_token_is_found_with_its_scheme_and_alone(form: str, operator: User) -> None:
    token, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    request = RequestFactory().get("/", headers={"Authorization": form.format(secret)})
    assert token_of(request) == token


@pytest.mark.parametrize("form", ["", "Basic {}", "Bearer", "Bearer x{}", "Token {}", "Bearer{}"])
def test_nothing_else_is_a_token(form: str, operator: User) -> None:
    _, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    request = RequestFactory().get("/", headers={"Authorization": form.format(secret)})
    assert token_of(request) is None


def test_a_request_without_the_header_has_none(operator: User) -> None:
    assert token_of(RequestFactory().get("/")) is None
