"""The stage for runs on the lab's engine, and installations on both databases."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commands.installation import Installation
from tests.drill.wire import EngineWire
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.place import Place
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


@pytest.fixture
def place(stage: Stage, lab_registry: LabRegistry) -> Iterator[Place]:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "persons/app", ImageSpec(version="1"))
    lab_registry.push("persons/app", "1", ImageSpec(version="2"))
    wire = EngineWire(stage.engine.socket, Path(stage.engine.root) / "persons.sock")
    wire.start()
    stage.host.url = wire.url
    stage.host.save()
    try:
        yield Place(stage, wire, lab_registry, image)
    finally:
        wire.stop()
        wire.path.unlink()
