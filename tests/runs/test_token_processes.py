"""N threads in M processes that need one token make one request, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.installation import CHECKOUT, Installation
from tests.runs.obtain_token import THREADS

PROCESSES = 3
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_three_processes_of_eight_threads_fetch_one_token(
    installation: Installation, tmp_path: Path
) -> None:
    installation.manage("migrate", "--verbosity=0")
    fetches = tmp_path / "fetches"
    env = installation.env | {"DJANGO_SETTINGS_MODULE": "watchweb.settings"}
    command = [sys.executable, "-m", "tests.runs.obtain_token", str(fetches)]
    processes = [
        subprocess.Popen(command, env=env, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        fetches.with_suffix(".go").touch()
        said = [process.communicate(timeout=60)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()

    assert [words.split() for words in said] == [["the-token"] * THREADS] * PROCESSES
    assert fetches.read_text() == "fetched\n"
