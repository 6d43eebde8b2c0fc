"""A process that fills a PostgreSQL database as years of use would, and counts statements.

{"do": "fill", "containers": N, "hosts": N, "results": N}  {"token", "run", "host", "container"}
{"do": "statements", "path": ..., "headers": {...}}        {"statements": N, "bytes": N}
"""

from collections.abc import Callable
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import years  # noqa: E402
from updates.models import ApiToken, Container, UpdateRun  # noqa: E402
from updates.models.api_token import Scope  # noqa: E402


def fill(containers: int, hosts: int, results: int) -> Json:
    """Nightly runs over all hosts, each with a result for each container."""
    named = years.fill(hosts, containers, results // containers, results)
    owner = User.objects.create(username="bench", is_superuser=True)
    _, token = ApiToken.objects.issue(owner, "bench", Scope.READ)
    latest = UpdateRun.objects.latest("pk")
    first = Container.objects.order_by("pk").values_list("pk", flat=True)[0]
    return {"run": latest.pk, "host": named[0].pk, "container": first, "token": token}


def statements(path: str, headers: dict[str, str]) -> Json:
    """What one request says to the database, its token's use included."""
    client = Client(headers=headers | {"Host": "localhost"})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer: Any = client.get(path)
    assert answer.status_code in (200, 304), answer.content
    return {"statements": len(captured), "bytes": len(answer.content)}


def answer(command: Json) -> Json:
    works: dict[str, Callable[..., Json]] = {"fill": fill, "statements": statements}
    return works[command.pop("do")](**command)


if __name__ == "__main__":
    serve(answer)
