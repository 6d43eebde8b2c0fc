"""The stage for runs on the lab's engine, and installations on both databases."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commands.installation import Installation
from tests.lab.dockerd import Dockerd
from tests.runs.stage import Stage, staged


@pytest.fixture
def stage(transactional_db: None, lab_engine: Dockerd) -> Iterator[Stage]:
    with staged(lab_engine) as stage:
        yield stage


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """On each database, and empty. Its tests are in the lab's group: one server is enough."""
    if request.param == "sqlite":
        yield Installation(tmp_path)
        return
    server = request.getfixturevalue("lab_postgres")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE installation")
    yield Installation(tmp_path, re.sub(r"/postgres$", "/installation", server.url))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE installation WITH (FORCE)")
