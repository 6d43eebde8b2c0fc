"""What is missing is said."""

import sys
from pathlib import Path

import pytest

from tests.lab.missing import LabError, missing, program


def test_a_program_that_is_not_installed_is_named() -> None:
    with pytest.raises(LabError, match=r"^no-such-program is not installed\.$"):
        program("no-such-program")


def test_a_busybox_that_needs_libraries_will_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("busybox", "docker-registry"):
        (tmp_path / name).symlink_to(Path(sys.executable).resolve())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing("registry") == "busybox is not the static one (Debian's busybox-static)."
