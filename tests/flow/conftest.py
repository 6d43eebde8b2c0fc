"""Nothing here needs a database or a socket."""

import pytest

from tests.flow.bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
