"""Requests that come at once, each with a connection of its own, on either database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from updates.models import ApiToken, Host, UpdateRun
from updates.models.api_token import Scope

CALLERS = 4


@pytest.mark.django_db(transaction=True)
def test_of_updates_of_everything_at_once_only_one_is_started(
    host: Host, secrets: dict[Scope, str]
) -> None:
    headers = {"Authorization": f"Bearer {secrets[Scope.UPDATE]}"}
    together = threading.Barrier(CALLERS)

    def update(_: int) -> int:
        together.wait()
        try:
            return Client().post("/v1/update?async=true", headers=headers).status_code
        finally:
            connection.close()

    for _ in range(5):
        with ThreadPoolExecutor(CALLERS) as pool:
            assert sorted(pool.map(update, range(CALLERS))) == [202, 429, 429, 429]
        UpdateRun.objects.all().delete()
    assert ApiToken.objects.filter(last_used_at=None, scope=Scope.UPDATE).count() == 0
