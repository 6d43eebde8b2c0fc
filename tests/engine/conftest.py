"""A fresh bench on the lab's engine; the lab removes what a test leaves."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.engine.bench import Bench
from tests.lab.dockerd import Dockerd


@pytest.fixture
def bench(lab_engine: Dockerd) -> Iterator[Bench]:
    with closing(Bench(lab_engine.url)) as made:
        yield made
