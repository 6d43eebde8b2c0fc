"""The process that is measured: it fills a database, and answers pages as the web server does.

{"do": "fill", "hosts": N, "containers": N, "runs": N, "results": N}    {"host": N, "run": N, …}
{"do": "read", "path": "/containers/", "times": N, "headers": {...}}
    {"seconds": [...], "busy": [...], "statements": N, "bytes": N, "status": N, "etag": "..."}
"""

import time
from collections.abc import Callable
from typing import Any

import django

from bench.child import Json, serve

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import house_rows, years  # noqa: E402
from updates.models import UpdateRun  # noqa: E402
from watchweb import warm  # noqa: E402


def fill(hosts: int, containers: int, runs: int, results: int) -> Json:
    """Into an empty database; with one person, who may do everything."""
    call_command("collectstatic", verbosity=0, interactive=False)
    named = years.fill(hosts, containers, runs, results)
    User.objects.create(username="bench", is_superuser=True, is_staff=True)
    last = UpdateRun.objects.latest("pk").pk
    facts = {"host": named[0].pk, "run": last, "run_before": last - 1}
    return facts | house_rows.fill()


def read(path: str, times: int, headers: dict[str, str]) -> Json:
    """Seconds of each; statements and bytes of one more, which opens everything first."""
    settings.ALLOWED_HOSTS = ["testserver"]
    client, seconds, busy = Client(headers=headers), [], []
    client.force_login(User.objects.get(username="bench"))
    with CaptureQueriesContext(connection) as captured:
        first: Any = client.get(path)
        content = first.getvalue() if first.streaming else first.content
        count = len(captured)
    for _ in range(times):
        began_at, worked = time.perf_counter(), time.process_time()
        answer: Any = client.get(path)
        _ = answer.getvalue() if answer.streaming else answer.content
        seconds.append(time.perf_counter() - began_at)
        busy.append(time.process_time() - worked)
    return {
        "seconds": seconds,
        "busy": busy,
        "statements": count,
        "bytes": len(content),
        "status": first.status_code,
        "etag": first.headers.get("ETag", ""),
    }


def answer(command: Json) -> Json:
    works: dict[str, Callable[..., Json]] = {"fill": fill, "read": read}
    return works[command.pop("do")](**command)


if __name__ == "__main__":
    warm.settle()
    serve(answer)
