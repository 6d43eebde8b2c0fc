"""What years of use leave in a database, written in bulk: hosts, containers, runs, results.

For processes that have set up Django, with PostgreSQL and with SQLite.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from updates.flow.session import Kind, Params
from updates.models import Container, Hold, Host, HostRun, Policy, UpdateRun
from updates.models.run import RunState

DIGEST, NEWER = "sha256:" + "1f" * 32, "sha256:" + "2e" * 32
_BATCH = 2000
_STATUSES = ("update_available", *("up_to_date",) * 7, "unknown", "local")
# As one statement: a million rows one by one take a quarter of an hour.
_RESULTS = """
INSERT INTO updates_containerresult (host_run_id, container_id, new_id, name, image, state, step,
    reason, old_image_id, new_image_id, old_digest, new_digest, old_version, new_version, settings,
    pulled_bytes, total_bytes, seconds, log)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
SELECT part.id, CAST(part.id AS TEXT) || '-' || CAST(n AS TEXT), '', 'app-' || CAST(n AS TEXT),
    'registry.example.com/app-' || CAST(n AS TEXT) || ':1',
    CASE WHEN (part.id * 31 + n * 17) %% 100 < 1 THEN 'failed'
         WHEN (part.id * 31 + n * 17) %% 100 < 5 THEN 'updated' ELSE 'fresh' END,
    '', '', %s, %s, %s, %s, '', '', '{}', 0, 0, 0, ''
FROM updates_hostrun part CROSS JOIN numbers ORDER BY part.id
"""


def fill(hosts: int, containers: int, runs: int, results: int) -> list[Host]:
    """Runs over as many hosts each as it takes, with a result for each of a host's containers."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    each = containers // hosts
    made = Host.objects.bulk_create(
        Host(name=f"host-{number:03}", url="unix:///nowhere.sock") for number in range(hosts)
    )
    rows = (_container(host, number) for host in made for number in range(1, each + 1))
    Container.objects.bulk_create(rows, batch_size=_BATCH)
    _settings_of(made)
    _history(made, runs, max(1, results // each // runs))
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, [each, DIGEST, DIGEST, DIGEST, NEWER])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return made


def _container(host: Host, number: int) -> Container:
    now = timezone.now()
    status = _STATUSES[number % len(_STATUSES)]
    is_stale = status == "update_available"
    return Container(
        host=host,
        name=f"app-{number}",
        container_id=f"{host.pk:04}{number:060}",
        image=f"registry.example.com/team-{number % 9}/app-{number}:1",
        image_id=DIGEST,
        stack=f"stack-{number // 5:03}" if number % 7 else "",
        state="running" if number % 13 else "exited",
        health=("healthy", "", "", "unhealthy")[number % 4],
        labels={f"label-{one}": "some value of a label" for one in range(15)},
        status=status,
        status_reason="registry.example.com did not answer." if status == "unknown" else "",
        version=f"1.{number % 40}.{number % 7}",
        available_version=f"1.{number % 40 + 1}.0" if is_stale else "",
        local_digest=DIGEST,
        remote_digest=NEWER if is_stale else DIGEST,
        monitor_only=number % 11 == 0,
        created_at=now - timedelta(days=number),
        checked_at=now - timedelta(minutes=number),
        answered_at=now - timedelta(minutes=number),
        updated_at=now - timedelta(days=number) if number % 3 else None,
    )


def _settings_of(hosts: list[Host]) -> None:
    """A policy and some holds for each host."""
    Policy.objects.bulk_create(Policy(host=host, values={"cleanup": True}) for host in hosts)
    Hold.objects.bulk_create(
        Hold(host=host, container=f"app-{number}", digest=digest, reason="A person said so.")
        for host in hosts
        for number, digest in ((10, NEWER), (20, ""), (33, ""))
    )


def _history(hosts: list[Host], count: int, width: int) -> None:
    """`count` runs, the last one just now, over `width` hosts each in turn."""
    now, params = timezone.now(), Params(kind=Kind.UPDATE).to_json()
    times = [now - timedelta(hours=count - number) for number in range(count)]
    made = UpdateRun.objects.bulk_create((_run(at, params) for at in times), batch_size=_BATCH)
    HostRun.objects.bulk_create(_parts(made, hosts, width), batch_size=_BATCH)


def _run(at: datetime, params: dict[str, object]) -> UpdateRun:
    facts = {"kind": Kind.UPDATE, "state": RunState.FINISHED, "trigger": "schedule"}
    return UpdateRun(params=params, created_at=at, started_at=at, finished_at=at, **facts)


def _parts(made: list[UpdateRun], hosts: list[Host], width: int) -> Iterator[HostRun]:
    for number, run in enumerate(made):
        for step in range(min(width, len(hosts))):
            host = hosts[(number * width + step) % len(hosts)]
            times = {"started_at": run.created_at, "finished_at": run.created_at}
            yield HostRun(run=run, host=host, state=RunState.FINISHED, **times)
