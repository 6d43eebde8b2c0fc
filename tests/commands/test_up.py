"""One command brings everything up, and takes everything down with it."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.commands import bundles
from tests.commands.installation import Installation, answers, wait_until
from tests.commands.processes import environment_of, processes_of
from tests.lab.ports import free_port

BEATEN = """
from updates.models import Heartbeat
print(Heartbeat.objects.filter(beaten_at__isnull=False).count())
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Installation]:
    """Nothing is there yet; whatever a failing test leaves running is ended."""
    installation = Installation(tmp_path)
    yield installation
    for pid in processes_of(installation.data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def bind() -> str:
    return f"127.0.0.1:{free_port()}"


def up(bind: str) -> tuple[str, ...]:
    return ("up", "--bind", bind, "--workers", "2")


def is_gone(installation: Installation) -> bool:
    return not processes_of(installation.data)


def test_up_serves_and_works_and_ends_with_all_its_processes(
    fresh: Installation, bind: str
) -> None:
    with fresh.running(*up(bind)) as process:
        wait_until(lambda: answers(bind), 60, "it answers /healthz")
        said = fresh.said.read_text()
        assert re.search(r"^User: admin$", said, re.MULTILINE)
        assert re.search(r"^Password: \S{12,} \(shown once\)$", said, re.MULTILINE)
        assert f"Watchweb is at http://{bind}/" in said
        wait_until(lambda: fresh.manage("shell", "-v0", "-c", BEATEN).strip() == "1", 40, "a beat")
        assert len(processes_of(fresh.data)) >= 5, "the web server, the cluster and its workers"
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(35) == 0
    assert time.monotonic() - began < 35
    assert is_gone(fresh)
    assert "Traceback" not in fresh.said.read_text()


def test_the_second_start_makes_no_second_user(fresh: Installation, bind: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with fresh.running(*up(bind), WATCHWEB_ADMIN_PASSWORD="given-password") as process:
            wait_until(lambda: answers(bind), 60, "it answers")
            process.send_signal(number)
            assert process.wait(35) == 0
        assert is_gone(fresh)

    said = fresh.said.read_text()
    assert said.count("User: admin") == 1
    assert "Password: as given" in said
    assert "given-password" not in said


def test_its_children_trust_as_the_options_say(
    fresh: Installation, bind: str, tmp_path: Path
) -> None:
    ca = os.path.relpath(bundles.usable(tmp_path))
    options = ("--registry-ca", ca, "--registry-ca-validate", "--insecure-registry")
    with fresh.running(*up(bind), *options) as process:
        wait_until(lambda: answers(bind), 60, "it answers")
        wait_until(lambda: len(processes_of(fresh.data)) >= 6, 30, "the cluster has its workers")
        for pid in set(processes_of(fresh.data)) - {process.pid}:
            environment = environment_of(pid)
            assert environment["WATCHWEB_REGISTRY_CA"] == str(Path(ca).absolute())
            assert environment["WATCHWEB_REGISTRY_CA_VALIDATE"] == "1"
            assert environment["WATCHWEB_INSECURE_REGISTRY"] == "1"
    said = fresh.said.read_text()
    assert said.count("Warning: ") == said.count("WATCHWEB_INSECURE_REGISTRY is on") == 1


def test_what_a_killed_up_leaves_ends_by_itself(fresh: Installation, bind: str) -> None:
    with fresh.running(*up(bind)) as process:
        wait_until(lambda: answers(bind), 60, "it answers")
        process.send_signal(signal.SIGKILL)
        process.wait()

        wait_until(lambda: is_gone(fresh), 15, "nothing outlives it")
    assert not answers(bind)


def test_a_taken_port_is_one_clear_line(fresh: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = fresh.run("up", "--bind", bind)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"Cannot listen at {bind}: address already in use." in done.stderr
    assert "--bind HOST:PORT" in done.stderr
