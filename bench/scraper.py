"""The process that is measured: it fills a database, and answers scrapes as the web server does.

{"do": "fill", "hosts": 50, "containers": 5000, "results": 1000000}    into an empty database
{"do": "scrape", "path": "/metrics", "times": 30}
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched, product
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from updates.flow.session import Kind, State  # noqa: E402
from updates.metrics.families import COUNTED, Subject  # noqa: E402
from updates.metrics.sums import BOUNDS, Sums  # noqa: E402
from updates.models import (  # noqa: E402
    Container,
    ContainerResult,
    Host,
    HostRun,
    Registry,
    Schedule,
    UpdateRun,
)

_BATCH = 5000
_REGISTRIES, _SCHEDULES = 30, 20
_LABELS = {
    "kind": ("scan", "update"),
    "trigger": ("schedule", "page"),
    "status": ("2xx", "3xx", "4xx", "5xx", "none"),
    "state": tuple(State),
    "registry": tuple(f"registry-{number}.example.com" for number in range(_REGISTRIES)),
    "outcome": ("started", "skipped", "failed"),
}


def fill(hosts: int, containers: int, results: int) -> Json:
    """An installation that has scanned every container again and again; how much is in it."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    made = save(Host(name=f"host-{number}", url="unix:///x.sock") for number in range(hosts))
    save(Registry(domain=domain) for domain in _LABELS["registry"])
    for number in range(_SCHEDULES):
        Schedule.objects.create(name=f"schedule-{number}", when="@daily", next_at=timezone.now())
    save(_container(made[number % hosts], number) for number in range(containers))
    parts = _parts(made, max(1, results // containers))
    each = containers // hosts
    save(_result(part, number) for part in parts for number in range(each))
    _tallies(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    models = (Host, Container, HostRun, ContainerResult)
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in models}


def save[Row: Model](rows: Iterator[Row]) -> list[Row]:
    """In batches. What is returned has its keys."""
    done: list[Row] = []
    for batch in batched(rows, _BATCH):
        done += type(batch[0])._default_manager.bulk_create(batch)
        if len(done) > 10 * _BATCH:
            done.clear()  # Of so many nobody asks for the keys.
    return done


def _parts(hosts: list[Host], runs: int) -> list[HostRun]:
    now = timezone.now()
    facts: dict[str, Any] = {"state": "finished", "trigger": "schedule", "kind": Kind.SCAN}
    made = save(
        UpdateRun(created_at=now - timedelta(hours=number), finished_at=now, **facts)
        for number in range(runs)
    )
    times = {"started_at": now, "finished_at": now, "state": "finished"}
    return save(HostRun(run=run, host=host, **times) for run in made for host in hosts)


def _container(host: Host, number: int) -> Container:
    return Container(
        host=host,
        name=f"app-{number}",
        container_id=f"{number:064}",
        image=f"registry.example.com/app-{number}:1",
        image_id=f"sha256:{number:064}",
        state="running",
        labels={f"label-{one}": "some value of a label" for one in range(15)},
        status=list(Container.Status)[number % 6],
    )


def _result(part: HostRun, number: int) -> ContainerResult:
    return ContainerResult(
        host_run=part,
        container_id=f"{number:064}",
        name=f"app-{number}",
        image=f"registry.example.com/app-{number}:1",
        state=State.STALE if number % 10 == 0 else State.FRESH,
        reason="The registry has another image under this tag." if number % 10 == 0 else "",
    )


def _tallies(hosts: list[Host]) -> None:
    """Every series that may be, each bucket of each histogram too."""
    schedules = list(Schedule.objects.values_list("pk", flat=True))
    subjects = {
        Subject.NOTHING: [0],
        Subject.HOST: [host.pk for host in hosts],
        Subject.SCHEDULE: schedules,
    }
    sums = Sums()
    for family, counted in COUNTED.items():
        series = product(*(_LABELS[name] for name in counted.labels))
        for labels, subject in product(series, subjects[counted.subject]):
            for bound in BOUNDS.get(family, ()):
                sums.observe(family, bound, *labels, subject=subject)
            if family not in BOUNDS:
                sums.count(family, *labels, subject=subject, by=12345)
    sums.save()


class Stopwatch:
    """How many statements there were, and how long they took."""

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        began_at = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - began_at


def scrape(path: str, times: int) -> Json:
    """Seconds of each, the statements of the last one, and what it was."""
    settings.WATCHWEB_METRICS_OPEN = True
    settings.ALLOWED_HOSTS = ["testserver"]
    client, seconds = Client(), []
    for _ in range(times):
        watch = Stopwatch()
        with connection.execute_wrapper(watch):
            began_at = time.perf_counter()
            text = client.get(path).content
            seconds.append(time.perf_counter() - began_at)
    return {
        "seconds": seconds,
        "statements": watch.number,
        "in_database": watch.seconds,
        "samples": sum(not line.startswith(b"#") for line in text.splitlines()),
        "kib": len(text) // 1024,
    }


def answer(command: Json) -> Json:
    what = command.pop("do")
    return fill(**command) if what == "fill" else scrape(**command)


if __name__ == "__main__":
    serve(answer)
