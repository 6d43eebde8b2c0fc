"""The lab as fixtures: each part is started once, when the first test asks for it.

With WATCHWEB_LAB=require a missing part is a failure; otherwise its tests are skipped, and say why.
A test that uses the lab is marked `lab`, and under xdist all of them share one worker and one lab.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.authority import Authority
from tests.lab.dockerd import Dockerd
from tests.lab.missing import missing
from tests.lab.newer_dockerd import NewerDockerd
from tests.lab.postgres import Postgres
from tests.lab.registry import Kind, Registry


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")


# Before xdist, which reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = {name for name in getattr(item, "fixturenames", ()) if name.startswith("lab_")}
        if used and item.get_closest_marker("xdist_group") is None:
            item.add_marker("lab")
            item.add_marker(pytest.mark.xdist_group("lab"))
        if "lab_postgres" in used:
            item.add_marker("postgres")


def need(part: str) -> None:
    """Skip, or fail where the lab is required, when a part of it is missing here."""
    if why := missing(part):
        if os.environ.get("WATCHWEB_LAB") == "require":
            pytest.fail(f"The lab is required: {why}")
        pytest.skip(f"{part}: {why}")


@pytest.fixture(scope="session")
def lab_root() -> Iterator[Path]:
    """A short path: a socket's may not be longer than 107 bytes."""
    root = Path(tempfile.mkdtemp(prefix="wwlab-"))
    root.chmod(0o755)  # PostgreSQL's user goes through it.
    yield root
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def lab_authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def lab_engine_session(lab_root: Path, lab_authority: Authority) -> Iterator[Dockerd]:
    need("dockerd")
    engine = Dockerd(lab_root / "engine", tls=lab_authority)
    with contextlib.ExitStack() as stack:
        stack.callback(engine.stop)
        engine.start()
        yield engine


@pytest.fixture
def lab_engine(lab_engine_session: Dockerd) -> Iterator[Dockerd]:
    """The private engine; containers, networks, volumes and images of a test are removed."""
    yield lab_engine_session
    _clear(lab_engine_session)


@pytest.fixture(scope="session")
def lab_engine_newer_session(lab_root: Path) -> Iterator[NewerDockerd]:
    need("newer dockerd")
    engine = NewerDockerd(lab_root / "newer", min_api="1.44")
    with contextlib.ExitStack() as stack:
        stack.callback(engine.stop)
        engine.start()
        yield engine


@pytest.fixture
def lab_engine_newer(lab_engine_newer_session: NewerDockerd) -> Iterator[NewerDockerd]:
    """The newer engine, which refuses an API below 1.44; cleared like the other one."""
    yield lab_engine_newer_session
    _clear(lab_engine_newer_session)


@pytest.fixture(scope="session")
def lab_registry(lab_root: Path) -> Iterator[Registry]:
    """Open to all, plain HTTP."""
    yield from _running(lab_root, "none", None)


@pytest.fixture(scope="session")
def lab_registry_tls(lab_root: Path, lab_authority: Authority) -> Iterator[Registry]:
    """Open to all, TLS from a private CA."""
    yield from _running(lab_root, "none", lab_authority)


@pytest.fixture(scope="session")
def lab_registry_htpasswd(lab_root: Path, lab_authority: Authority) -> Iterator[Registry]:
    """Basic authentication over TLS."""
    yield from _running(lab_root, "htpasswd", lab_authority)


@pytest.fixture(scope="session")
def lab_registry_token(lab_root: Path, lab_authority: Authority) -> Iterator[Registry]:
    """Token authentication over TLS; the token service has the same CA."""
    yield from _running(lab_root, "token", lab_authority)


@pytest.fixture(scope="session")
def lab_postgres(lab_root: Path) -> Iterator[Postgres]:
    need("postgres")
    server = Postgres(lab_root / "postgres")
    with contextlib.ExitStack() as stack:
        stack.callback(server.stop)
        server.start()
        yield server


def _clear(engine: Dockerd) -> None:
    if not engine.answers():
        engine.restart()
    engine.clear()


def _running(root: Path, auth: Kind, tls: Authority | None) -> Iterator[Registry]:
    need("registry")
    registry = Registry(root / f"registry-{auth}-{'tls' if tls else 'plain'}", auth, tls)
    with contextlib.ExitStack() as stack:
        stack.callback(registry.stop)
        registry.start()
        yield registry
