"""A drill on parts of its own: it kills its engine, which other tests would miss."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from bench.stage import Stage
from tests.drill.drill import Drill
from tests.drill.setting import built
from tests.lab.fixtures import need


@pytest.fixture(scope="session")
def lab_drill() -> Iterator[Drill]:
    for part in ("dockerd", "postgres", "clock"):
        need(part)
    with drilling() as drill:
        yield drill


@contextmanager
def drilling(**parts: bool) -> Iterator[Drill]:
    """A drill on such parts (tests.drill.setting.built)."""
    with (
        tempfile.TemporaryDirectory(prefix="wwd-", ignore_cleanup_errors=True) as folder,
        ExitStack() as ends,
    ):
        Path(folder).chmod(0o755)  # PostgreSQL's user goes through it.
        yield ends.enter_context(closing(built(Stage(Path(folder), ends), **parts)))
