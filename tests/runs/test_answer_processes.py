"""However many workers check the same images at once, each is asked for once, on both databases."""

from pathlib import Path

import pytest

from tests.commands.installation import Installation
from tests.fakes.registry import FakeRegistry
from tests.runs.crowds import all_at_once

PROCESSES = 4
REFERENCES = 60
pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


def test_four_processes_ask_for_each_of_sixty_images_once(
    installation: Installation, tmp_path: Path
) -> None:
    installation.begin()
    with FakeRegistry() as registry:
        installation.manage("addregistry", registry.address, "--insecure")
        for number in range(REFERENCES):
            registry.put(f"app-{number}")
        registry.behaviour.delay_s = 0.02
        arguments = (registry.address, str(REFERENCES), "60")

        said = all_at_once(
            installation,
            "tests.runs.ask_registry",
            tmp_path / "start",
            *arguments,
            processes=PROCESSES,
        )

        assert said == [f"{REFERENCES}\n"] * PROCESSES
        assert registry.counts() == {"manifest": REFERENCES}
