"""N threads in M processes that need one token make one request, on both databases."""

from pathlib import Path

import pytest

from tests.commands.installation import Installation
from tests.runs.crowds import all_at_once
from tests.runs.obtain_token import THREADS

PROCESSES = 8
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_eight_processes_of_sixteen_threads_fetch_one_token(
    installation: Installation, tmp_path: Path
) -> None:
    installation.begin()
    fetches = tmp_path / "fetches"

    said = all_at_once(installation, "tests.runs.obtain_token", fetches, processes=PROCESSES)

    assert [words.split() for words in said] == [["the-token"] * THREADS] * PROCESSES
    assert fetches.read_text() == "fetched\n"
