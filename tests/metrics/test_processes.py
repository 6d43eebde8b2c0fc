"""Processes that add to the same sums at once lose nothing, on both databases."""

import json
from pathlib import Path

import pytest

from tests.commands.installation import Installation
from tests.metrics.add_to_tallies import TIMES
from tests.runs.conftest import installation
from tests.runs.crowds import all_at_once

__all__ = ["installation"]
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]
PROCESSES = 4
READ = """
import json
from updates.models import Tally
print(json.dumps(list(Tally.objects.values_list("value", flat=True))))
"""


def test_four_processes_lose_no_count(installation: Installation, tmp_path: Path) -> None:
    installation.begin()

    said = all_at_once(
        installation, "tests.metrics.add_to_tallies", tmp_path / "start", processes=PROCESSES
    )

    assert said == ["done\n"] * PROCESSES
    values = json.loads(installation.manage("shell", "-v0", "-c", READ))
    assert values == [PROCESSES * TIMES] * 10
