"""Alive, and ready: open to all, but not what is inside."""

import json
import os
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.fixtures import need
from tests.lab.ports import free_port
from tests.lab.postgres import Postgres
from updates.health.bounded import SILENT, WITHIN_S
from updates.models import ApiToken, Heartbeat, Host
from updates.models.api_token import Scope

# The look has a connection of its own, which sees what is committed.
committed = pytest.mark.django_db(transaction=True)


def test_healthz_asks_no_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.head("/healthz").status_code == 200


@committed
def test_who_is_not_known_sees_no_names_and_no_errors(client: Client, host: Host) -> None:
    Heartbeat.objects.create(queue="default", beaten_at=timezone.now())
    Host.objects.update(last_error="10.0.0.5 refused the connection.")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.json()["ready"] is True
    assert [one["ok"] for one in answer.json()["checks"]] == [True, True, True, False]
    assert not any(word in answer.text for word in ("nas", "10.0.0.5", "details"))
    assert client.head("/readyz").status_code == 200


@committed
def test_a_person_and_a_token_see_them(
    client: Client, signed_in: Client, host: Host, operator: User
) -> None:
    Host.objects.update(last_error="10.0.0.5 refused the connection.")
    assert "nas: 10.0.0.5 refused" in signed_in.get("/readyz").text
    _, secret = ApiToken.objects.issue(operator, "probe", Scope.READ)
    told = Client().get("/readyz", headers={"Authorization": f"Bearer {secret}"})
    assert "nas: 10.0.0.5 refused" in told.text
    assert "nas" not in Client().get("/readyz", headers={"Authorization": "Bearer ww_no"}).text


@committed
def test_a_dead_cluster_is_503(client: Client) -> None:
    Heartbeat.objects.create(queue="default", beaten_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    (workers,) = (one for one in answer.json()["checks"] if one["name"] == "workers")
    assert workers["sentence"] == "The workers do not answer any more."
    assert workers["age_seconds"] == pytest.approx(300, abs=30)
    assert client.head("/readyz").status_code == 503


def ready(bind: str) -> tuple[int, dict[str, Any]]:
    """What a server says of itself: (status, document)."""
    try:
        with urllib.request.urlopen(f"http://{bind}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL of the test's own, which it may stop."""
    need("postgres")
    with tempfile.TemporaryDirectory(prefix="wwpg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user goes through it.
        made = Postgres(Path(folder) / "postgres")
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.mark.lab
@pytest.mark.postgres
@pytest.mark.xdist_group("lab")
def test_up_is_ready_and_not_while_its_database_hangs_or_is_gone(
    server: Postgres, tmp_path: Path
) -> None:
    installation, bind = Installation(tmp_path, server.url), f"127.0.0.1:{free_port()}"
    with installation.running("up", "--bind", bind, "--workers", "1"):
        wait_until(lambda: answers(bind), 60, "it answers /healthz")
        wait_until(lambda: ready(bind)[0] == 200, 60, "it is ready")
        head = urllib.request.Request(f"http://{bind}/readyz", method="HEAD")
        urllib.request.urlopen(head, timeout=10).close()

        os.kill(server.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        status, document = ready(bind)
        assert time.monotonic() - began < WITHIN_S + 2
        assert (status, document["checks"][0]["sentence"]) == (503, SILENT)
        assert answers(bind), "the process is alive"
        os.kill(server.process.pid, signal.SIGCONT)
        wait_until(lambda: ready(bind)[0] == 200, 30, "it is ready again")

        server.stop()
        status, document = ready(bind)
        assert (status, document["ready"]) == (503, False)
        assert document["checks"][0]["sentence"] == "The database could not be asked."
        assert answers(bind), "the process is alive"
    assert "no-body" not in installation.said.read_text()
