"""`demo`: a stale fleet to look at, and nothing left of it."""

import signal
from pathlib import Path

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.fixtures import need
from tests.lab.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.lab]


def test_it_starts_says_how_to_sign_in_and_cleans_up(tmp_path: Path, lab_root: Path) -> None:
    need("dockerd")
    need("registry")
    installation = Installation(tmp_path)
    bind = f"127.0.0.1:{free_port()}"
    temporary = lab_root / "demo"  # A socket's path has to be short.
    temporary.mkdir()
    with installation.running("demo", "--bind", bind, TMPDIR=str(temporary)) as process:
        wait_until(lambda: answers(bind) or process.poll() is not None, 120, "it started or ended")
        said = installation.said.read_text()
        assert process.poll() is None, said
        assert "User: admin  Password: " in said
        assert "6 stale" in said
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert list(temporary.iterdir()) == []
    mounts = Path("/proc/self/mountinfo").read_text()
    assert str(temporary) not in mounts
