"""A process that fills a PostgreSQL database as years of use would, and counts statements.

{"do": "fill", "containers": N, "hosts": N, "results": N}  {"token", "run", "host", "container"}
{"do": "statements", "path": ..., "headers": {...}}        {"statements": N, "bytes": N}
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the settings
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from updates.flow.session import Kind, Params  # noqa: E402
from updates.models import ApiToken, Container, Host, HostRun, UpdateRun  # noqa: E402
from updates.models.api_token import Scope  # noqa: E402
from updates.models.run import RunState  # noqa: E402

DIGEST = "sha256:" + "1f" * 32
# As one statement: a million rows one by one take a quarter of an hour.
RESULTS = """
INSERT INTO updates_containerresult (host_run_id, container_id, new_id, name, image, state, step,
    reason, old_image_id, new_image_id, old_digest, new_digest, old_version, new_version, settings,
    pulled_bytes, total_bytes, seconds, log)
SELECT part.id, md5(part.id::text || '-' || n), '', 'app-' || n, 'registry.example.com/app-' || n,
    CASE WHEN random() < 0.01 THEN 'failed' WHEN random() < 0.04 THEN 'updated' ELSE 'fresh' END,
    '', '', %s, %s, %s, %s, '', '', '{}', 0, 0, 0, ''
FROM updates_hostrun part, generate_series(1, %s) n ORDER BY part.id
"""


def fill(containers: int, hosts: int, results: int) -> Json:
    """Nightly runs over all hosts, each with a result for each container."""
    call_command("migrate", verbosity=0)
    named = [Host(name=f"host-{n:03}", url="unix:///nowhere.sock") for n in range(hosts)]
    Host.objects.bulk_create(named)
    each = containers // hosts
    Container.objects.bulk_create(
        container(host, number) for host in named for number in range(1, each + 1)
    )
    runs(named, results // containers)
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, [DIGEST, DIGEST, DIGEST, DIGEST, each])
        cursor.execute("VACUUM ANALYZE")
    owner = User.objects.create(username="bench", is_superuser=True)
    _, token = ApiToken.objects.issue(owner, "bench", Scope.READ)
    latest = UpdateRun.objects.latest("pk")
    keys = {"run": latest.pk, "host": named[0].pk, "container": first_container()}
    return keys | {"token": token}


def container(host: Host, number: int) -> Container:
    return Container(
        host=host,
        name=f"app-{number}",
        container_id=f"{host.pk}-{number}",
        image=f"registry.example.com/app-{number}:1",
        image_id=DIGEST,
        state="running",
        status="update_available" if number % 10 == 0 else "up_to_date",
        checked_at=timezone.now(),
    )


def runs(hosts: list[Host], count: int) -> None:
    now = timezone.now()
    params = Params(kind=Kind.UPDATE).to_json()
    times = [now - timedelta(days=count - n) for n in range(count)]
    made = UpdateRun.objects.bulk_create(
        UpdateRun(
            kind="update",
            state=RunState.FINISHED,
            trigger="schedule",
            params=params,
            created_at=at,
            started_at=at,
            finished_at=at,
        )
        for at in times
    )
    HostRun.objects.bulk_create(
        HostRun(run=run, host=host, state=RunState.FINISHED) for run in made for host in hosts
    )


def first_container() -> int:
    return Container.objects.order_by("pk").values_list("pk", flat=True)[0]


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
