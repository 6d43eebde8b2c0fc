"""Programs of the lab end, whatever happens to the one that started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab import leftovers
from tests.lab.fixtures import need
from tests.lab.missing import LabError
from tests.lab.process import Process

ROOT = Path(__file__).parents[2]
WHOLE_LAB = """
import sys, time
from pathlib import Path
from tests.lab.dockerd import Dockerd
from tests.lab.postgres import Postgres
from tests.lab.registry import Registry
root = Path(sys.argv[1])
parts = [Dockerd(root / "engine"), Registry(root / "registry"), Postgres(root / "postgres")]
for part in parts:
    part.start()
print(*(part.process.pid for part in parts), flush=True)
time.sleep(60)
"""


def wait_until(claim: Callable[[], bool], timeout_s: float = 20.0) -> bool:
    end = time.monotonic() + timeout_s
    while not claim() and time.monotonic() < end:
        time.sleep(0.05)
    return claim()


@pytest.mark.slow
def test_nothing_outlives_a_killed_run(lab_root: Path) -> None:
    for part in ("dockerd", "registry", "postgres"):
        need(part)
    root = lab_root / "killed"
    root.mkdir()
    argv = [sys.executable, "-c", WHOLE_LAB, str(root)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        pids = killed.stdout.readline().split()
        os.kill(killed.pid, signal.SIGKILL)
    try:
        assert len(pids) == 3
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
        assert wait_until(lambda: leftovers.processes(root / "engine") == [])
    finally:
        leftovers.end_processes(root / "engine")
        leftovers.unmount(root / "engine")


def test_one_that_ends_at_once_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    script = "for n in 1 2 3 4 5 6 7 8 9; do echo line $n; done; exit 3"
    process = Process(["/bin/sh", "-c", script], tmp_path / "program.log")
    with pytest.raises(LabError, match=r"program did not start: line 2\n.*(\n.*)*line 9$"):
        process.start(lambda: False)
    assert not process.is_running


def test_one_that_is_deaf_to_sigterm_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "deaf.log"
    script = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    process = Process(["/bin/sh", "-c", script], log)
    process.start(lambda: "ready" in log.read_text())
    pid = process.pid
    process.stop(timeout_s=0.3)
    assert not Path(f"/proc/{pid}").exists()
