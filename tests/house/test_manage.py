"""manage.py and the command `watchweb`: the right Python, and one line for what can be mended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
OUTSIDE = Path(sys.base_prefix) / "bin" / "python3"  # Without the packages.


def run(python: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), *arguments],
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not (CHECKOUT / ".venv").exists(), reason="make setup was not run here")
def test_manage_py_finds_its_packages_whichever_python_starts_it() -> None:
    done = run(OUTSIDE, str(CHECKOUT / "manage.py"), "scan", "--help")
    assert done.returncode == 0, done.stderr
    assert "usage: manage.py scan" in done.stdout


def test_a_folder_that_is_no_whole_venv_is_left_alone(tmp_path: Path) -> None:
    """A Python that cannot tell it is in .venv would start itself again for ever."""
    (tmp_path / "manage.py").write_text((CHECKOUT / "manage.py").read_text())
    (tmp_path / "watchweb").symlink_to(CHECKOUT / "watchweb")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(OUTSIDE)
    done = run(OUTSIDE, "-S", str(tmp_path / "manage.py"), "scan")
    assert done.returncode == 2
    assert done.stderr.endswith("run make setup.\n")
    assert done.stderr.count("\n") == 1


WRONG = [
    ("WATCHWEB_WORKERS", "many", "'many'"),
    ("WATCHWEB_ENCRYPTION_KEYS", "rubbish", "not a Fernet key"),
    ("SECRET_KEY_FILE", "/nonexistent", "SECRET_KEY_FILE cannot be read"),
    ("TZ", "Mars/Olympus", "Mars/Olympus"),
    ("DATABASE_URL", "sqlite:////nonexistent/db", "The database cannot be used"),
]


@pytest.mark.parametrize(("name", "value", "reason"), WRONG)
def test_a_wrong_setting_is_one_line(tmp_path: Path, name: str, value: str, reason: str) -> None:
    env = {"WATCHWEB_DATA": str(tmp_path), "SECRET_KEY": "" if name == "SECRET_KEY_FILE" else "x"}
    manage = str(CHECKOUT / "manage.py")
    done = run(Path(sys.executable), manage, "migrate", "-v0", **(env | {name: value}))
    assert done.returncode == 2, done
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_not_set_up_is_one_line_that_says_how(tmp_path: Path) -> None:
    env = {"WATCHWEB_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    done = run(Path(sys.executable), "-m", "watchweb", "scan", PYTHONPATH=str(CHECKOUT), **env)
    assert done.returncode == 2, done
    assert done.stderr.endswith("manage.py migrate\n")
    assert done.stderr.count("\n") == 1
