"""One installation for the commands that only ask or add."""

from pathlib import Path

import pytest

from tests.commands.installation import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.begin()
    return installation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A text file that is no PEM."""
    path = tmp_path / "file.pem"
    path.write_text("hello")
    return path
