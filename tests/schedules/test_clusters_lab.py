"""Two clusters on one PostgreSQL: no tick twice, none lost."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.commands.installation import Installation
from tests.lab.postgres import Postgres

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab"), pytest.mark.slow]
SECONDS = 60
KEYS = {
    "SECRET_KEY": "the same on both machines, and long enough for Django",
    "WATCHWEB_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "WATCHWEB_WORKERS": "2",
}
ADD = """
from datetime import timedelta
from django.utils import timezone
from updates.models import Host, Schedule
Host.objects.create(name="nas", url="unix:///nowhere.sock")
start = timezone.now().replace(microsecond=0) + timedelta(seconds=8)
Schedule.objects.create(name="each second", kind="scan", when="1s", next_at=start)
"""
TICKS = """
import json
from updates.models import ScheduleTick, UpdateRun
rows = ScheduleTick.objects.order_by("due_at").values_list("due_at", "outcome", "run")
found = [(due.timestamp(), outcome, run) for due, outcome, run in rows]
print(json.dumps([found, UpdateRun.objects.filter(trigger="schedule").count()]))
"""


@pytest.fixture
def machines(lab_postgres: Postgres, tmp_path: Path) -> Iterator[list[Installation]]:
    """Two with a data folder each, one database and the same keys."""
    with psycopg.connect(lab_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ticks")
    url = re.sub(r"/postgres$", "/ticks", lab_postgres.url)
    yield [_machine(tmp_path / name, url) for name in ("one", "two")]
    with psycopg.connect(lab_postgres.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE ticks WITH (FORCE)")


def _machine(root: Path, url: str) -> Installation:
    root.mkdir()
    machine = Installation(root, url)
    machine.env |= KEYS
    return machine


def test_a_tick_each_second_comes_once_each_second_with_two_clusters(
    machines: list[Installation],
) -> None:
    machines[0].begin()
    machines[0].manage("shell", "-v0", "-c", ADD)
    with ExitStack() as stack:
        for machine in machines:
            stack.enter_context(machine.running("qcluster"))
        time.sleep(8 + SECONDS + 3)
    found, runs = json.loads(machines[0].manage("shell", "-v0", "-c", TICKS))
    moments = [round(due) for due, _, _ in found]
    assert len(moments) >= SECONDS
    assert moments == list(range(moments[0], moments[0] + len(moments))), "none twice, none lost"
    started = [run for _, outcome, run in found if outcome == "started"]
    assert len(set(started)) == len(started) == runs
    assert started
