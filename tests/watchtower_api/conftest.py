"""Somebody with a token, and a way to ask."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from updates.models import ApiToken, Heartbeat
from updates.models.api_token import Scope

# (method, address, scope, how) -> the test client's response, which has a type of its own.
type Ask = Callable[..., Any]


@pytest.fixture
def secrets(operator: User) -> dict[Scope, str]:
    """A token of each scope, of somebody who may start runs."""
    return {scope: ApiToken.objects.issue(operator, scope.value, scope)[1] for scope in Scope}


@pytest.fixture
def ask(client: Client, secrets: dict[Scope, str]) -> Ask:
    """Ask by a token's header; `how` is the test client's."""

    def asked(method: str, address: str, scope: Scope = Scope.UPDATE, **how: Any) -> Any:
        headers = {"Authorization": f"Bearer {secrets[scope]}"} | how.pop("headers", {})
        return client.generic(method, address, headers=headers, **how)

    return asked


@pytest.fixture
def worker(db: None) -> None:
    """A cluster has just shown a sign of life."""
    now = timezone.now()
    Heartbeat.objects.create(queue="default", asked_at=now, beaten_at=now)


def hang_up(answer: Any) -> None:
    """End a stream as a server does, but for the database: it is the test's own."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)
