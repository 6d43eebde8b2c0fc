"""The private engine runs what each registry has, survives a crash, and leaves nothing."""

import contextlib
import http.client
import ssl
from pathlib import Path

import pytest

from tests.lab import leftovers
from tests.lab.authority import Authority
from tests.lab.dockerd import Dockerd, pull
from tests.lab.fixtures import need
from tests.lab.images import ImageSpec
from tests.lab.missing import LabError
from tests.lab.occupied import occupy, run
from tests.lab.registry import Registry

KINDS = ["lab_registry", "lab_registry_tls", "lab_registry_htpasswd", "lab_registry_token"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_runs_an_image_from_every_kind_of_registry(
    lab_engine: Dockerd, request: pytest.FixtureRequest, kind: str
) -> None:
    registry: Registry = request.getfixturevalue(kind)
    digest = registry.push("team/app", "1", ImageSpec(version="1"))
    name = f"{registry.address}/team/app"
    with contextlib.closing(lab_engine.api()) as api:
        pull(api, name, "1", {"username": registry.username, "password": registry.password})
        assert api.inspect_image(f"{name}:1")["RepoDigests"] == [f"{name}@{digest}"]
        command = api.exec_create(run(api, f"{name}:1", "app"), ["cat", "/version"])["Id"]
        assert api.exec_start(command) == b"1"


def test_a_failed_pull_says_what_the_engine_said(
    lab_engine: Dockerd, lab_registry: Registry
) -> None:
    with (
        contextlib.closing(lab_engine.api()) as api,
        pytest.raises(LabError, match=r"no/such:1 was not pulled: .*not found"),
    ):
        pull(api, f"{lab_registry.address}/no/such", "1")


def test_it_wants_a_client_certificate(lab_engine: Dockerd, tmp_path: Path) -> None:
    assert lab_engine.tls is not None
    ca_pem, mine = lab_engine.tls.ca_pem, lab_engine.tls.client(tmp_path / "mine")
    assert _ping(lab_engine, ca_pem, mine) == 200
    for client in (None, Authority().client(tmp_path / "stranger")):
        with pytest.raises(ssl.SSLError):
            _ping(lab_engine, ca_pem, client)


def test_clear_leaves_an_empty_engine(lab_engine: Dockerd, lab_registry: Registry) -> None:
    lab_registry.push("team/full", "1", ImageSpec(volumes=("/data",)))
    with contextlib.closing(lab_engine.api()) as api:
        pull(api, f"{lab_registry.address}/team/full", "1")
        api.create_network("full", driver="bridge")
        run(api, f"{lab_registry.address}/team/full:1", "full", "full")
        lab_engine.clear()
        assert api.containers(all=True) == []
        assert api.images(all=True) == []
        assert not api.volumes()["Volumes"]
        assert api.networks(names=["full"]) == []


def test_a_killed_engine_comes_back_with_its_containers(
    lab_engine: Dockerd, lab_registry: Registry
) -> None:
    lab_registry.push("team/app", "1", ImageSpec())
    with contextlib.closing(lab_engine.api()) as api:
        pull(api, f"{lab_registry.address}/team/app", "1")
        container = run(api, f"{lab_registry.address}/team/app:1", "survivor")
    lab_engine.kill()
    assert not lab_engine.answers()
    lab_engine.restart()
    with contextlib.closing(lab_engine.api()) as api:
        assert [one["Id"] for one in api.containers(all=True)] == [container]


@pytest.mark.parametrize("crashes", [False, True], ids=["ended", "killed"])
def test_nothing_is_left_of_an_engine(
    lab_root: Path, lab_registry: Registry, crashes: bool
) -> None:
    need("dockerd")
    engine = Dockerd(lab_root / f"gone-{crashes}")
    try:
        engine.start()
        bridge = occupy(engine, lab_registry)
        assert leftovers.mounts(engine.root)
        assert bridge.exists()
        if crashes:
            engine.kill()
            assert leftovers.processes(engine.root), "a container outlives its engine"
    finally:
        engine.stop()
    assert leftovers.processes(engine.root) == []
    assert leftovers.mounts(engine.root) == []
    assert not bridge.exists()


def _ping(engine: Dockerd, ca_pem: str, client: tuple[Path, Path] | None) -> int:
    context = ssl.create_default_context(cadata=ca_pem)
    if client:
        context.load_cert_chain(*client)
    connection = http.client.HTTPSConnection("127.0.0.1", engine.tls_port, context=context)
    with contextlib.closing(connection):
        connection.request("GET", "/_ping")
        return connection.getresponse().status
