"""The stage for runs on the lab's engine."""

from collections.abc import Iterator

import pytest

from tests.lab.dockerd import Dockerd
from tests.runs.stage import Stage, staged


@pytest.fixture
def stage(transactional_db: None, lab_engine: Dockerd) -> Iterator[Stage]:
    with staged(lab_engine) as stage:
        yield stage
