"""A real engine whose mirror of Docker Hub lags behind what Docker Hub is said to have."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import docker
import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.names import digest_of
from tests.fakes.record import MemoryJournal, MemoryRecorder
from tests.flow.bench import FakeClock, FakeRegistries
from tests.lab.dockerd import Dockerd
from tests.lab.fixtures import need
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.flow.check import Answer
from updates.flow.decide import MIRROR_LAGS
from updates.flow.session import Kind, Params, Result
from updates.flow.update import HostUpdate

NAME = "lagging:1"
NEWER = "sha256:" + digest_of("what the mirror does not have yet")


class Mirrored(Dockerd):
    """An engine whose mirror of Docker Hub is a registry of the lab."""

    def __init__(self, root: Path, mirror: Registry) -> None:
        self.mirror = mirror
        super().__init__(root)

    def _argv(self) -> list[str]:
        return [*super()._argv(), f"--registry-mirror={self.mirror.base_url}"]


@pytest.fixture
def mirrored(lab_root: Path, lab_registry: Registry) -> Iterator[Mirrored]:
    need("dockerd")
    engine = Mirrored(lab_root / "mirrored", lab_registry)
    with ExitStack() as stack:
        stack.callback(engine.stop)
        engine.start()
        yield engine


def update(url: str, answer: Answer) -> Result:
    """What becomes of "web" in an update for which Docker Hub says this."""
    registries, recorder = FakeRegistries(FakeEngine()), MemoryRecorder()
    registries.answers[NAME] = answer
    journal, params = MemoryJournal(FakeEngine()), Params(kind=Kind.UPDATE)
    with Engine(Endpoint(url)) as engine:
        HostUpdate(engine, registries, recorder, journal, params, FakeClock().clock).run()
    return recorder.told["web"]


def run_web(api: docker.APIClient) -> str:
    """A running container "web" of what the mirror has; its id."""
    host = {"NetworkMode": "none"}
    made = api.create_container_from_config({"Image": NAME, "HostConfig": host}, "web")
    api.start(made["Id"])
    return str(made["Id"])


def test_a_mirror_that_lags_is_told_and_is_no_update(
    mirrored: Mirrored, lab_registry: Registry
) -> None:
    digest = lab_registry.push("library/lagging", "1", ImageSpec(version="1"))
    with Engine(Endpoint(mirrored.url)) as engine:
        assert engine.mirrors() == (lab_registry.base_url,)
        got = engine.pull("lagging", tag="1", auth=None, on_progress=lambda _: None, deadline_s=60)
        assert got == digest
    with closing(mirrored.api()) as api:
        web = run_web(api)
        result = update(mirrored.url, Answer(NEWER))
        assert (result.state, result.reason) == ("stale", MIRROR_LAGS)
        assert (result.old_digest, result.new_digest) == (digest, NEWER)
        assert api.inspect_container("web")["Id"] == web
    assert update(mirrored.url, Answer(digest)).state == "fresh"
