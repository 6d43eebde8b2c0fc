"""Programs that call the API with tokens."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from updates.models import ApiToken
from updates.models.api_token import Scope


class Program:
    """Speaks JSON to /api/v1, with a token."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(
            raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"}
        )

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer, as Django's test client has it. `body` None: nothing is sent."""
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = ("", "") if body is None else (text, "application/json")
        return self.client.generic(method, f"/api/v1{path}", *sent, headers=headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """One whose token has this scope, and whose owner these rights; None: all there are."""

    def made(scope: Scope = Scope.ADMIN, rights: tuple[str, ...] | None = None) -> Program:
        name = f"owner-{User.objects.count()}"
        owner = User.objects.create(username=name, is_superuser=rights is None)
        found = Permission.objects.filter(codename__in=rights or ())
        owner.user_permissions.set(found)
        return Program(ApiToken.objects.issue(owner, name, scope)[1])

    return made


@pytest.fixture
def admin(program: Callable[..., Program]) -> Program:
    return program()
