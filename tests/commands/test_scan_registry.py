"""`scan` and a real registry: the CA of the option is used, and answers are as old as asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import bundles
from tests.commands.installation import Installation
from tests.fakes.engine_server import EngineServer, Handler
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry


def engine_with(image: str) -> EngineServer:
    """An engine that runs one container of the image, which was pulled long ago."""
    repository = image.rpartition(":")[0]
    container = {"Id": "a" * 64, "Names": ["/notes"], "Image": image, "ImageID": "sha256:n"}
    container |= {"State": "running", "Status": "Up 1 second"}
    digests = [f"{repository}@sha256:{'0' * 64}"]
    local = {"Id": "sha256:n", "RepoTags": [image], "RepoDigests": digests, "Size": 1}

    def containers(request: Handler) -> None:
        request.send_json([container])

    def images(request: Handler) -> None:
        request.send_json([local])

    return EngineServer(
        answers={("GET", "/containers/json"): containers, ("GET", "/images/json"): images}
    )


@pytest.fixture
def watched(
    tmp_path: Path, lab_registry_tls: LabRegistry
) -> Iterator[tuple[Installation, LabRegistry]]:
    """An installation that knows a host with an image of the registry, and not the registry."""
    lab_registry_tls.push("team/notes", "1", ImageSpec("1"))
    installation = Installation(tmp_path)
    installation.begin()
    with engine_with(f"{lab_registry_tls.address}/team/notes:1") as engine:
        installation.manage("addhost", "nas", engine.url)
        yield installation, lab_registry_tls


def state_of(installation: Installation, *options: str) -> tuple[str, str]:
    """(state, reason) of the one container."""
    (container,) = installation.document("scan", *options)["containers"]
    return container["state"], container["reason"]


def test_the_ca_of_the_option_is_what_a_registry_is_trusted_by(
    watched: tuple[Installation, LabRegistry], tmp_path: Path
) -> None:
    installation, registry = watched
    ca = str(bundles.written(tmp_path, registry.ca_pem))

    state, reason = state_of(installation)
    assert state == "skipped"
    assert "certificate" in reason
    assert state_of(installation, "--registry-ca", ca)[0] == "stale"
    assert state_of(installation, "--insecure-registry")[0] == "stale"


def test_an_answer_is_asked_for_anew_unless_an_older_one_will_do(
    watched: tuple[Installation, LabRegistry],
) -> None:
    installation, registry = watched
    installation.trust(registry)

    def asked(*options: str) -> int:
        before = len(registry.requests())
        assert state_of(installation, *options)[0] == "stale"
        return len(registry.requests()) - before

    assert asked() > 0
    assert asked("--max-age", "3600") == 0
    assert asked() > 0
