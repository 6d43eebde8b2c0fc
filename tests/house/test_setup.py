"""scripts/setup: which Python it takes, when it does nothing, and what it says when it cannot."""

import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "cat", "cksum", "cp", "dirname", "id", "mkdir", "rm", "sed", "tail")
TOO_OLD = """#!/bin/sh
case "$2" in *version_info*) exit 1 ;; esac
echo found 3.9.2
"""
FAILING = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
# Makes a .venv whose pip only says what it was asked to do.
GOOD = """#!/bin/sh
case "$*" in
    *platform*) echo 3.12.9 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *" pip "*) echo "$@" >>asked ;;
esac
"""


class Tree:
    """A checkout with the script and a lock, and a PATH with nothing but what a test puts there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        (root / "scripts").mkdir()
        shutil.copy(CHECKOUT / "scripts" / "setup", root / "scripts" / "setup")
        (root / "requirements.lock").write_text("one==1\n")

    def put(self, name: str, text: str) -> Path:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def setup(self, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "scripts" / "setup")],
            env={"PATH": str(self.bin)} | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def installs(self) -> int:
        asked = self.root / "asked"
        return asked.read_text().count("install") if asked.exists() else 0


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_too_old_a_python_is_one_line_and_exit_code_2(tree: Tree) -> None:
    tree.put("python3", TOO_OLD)
    done = tree.setup()
    assert done.returncode == 2
    assert "needs Python 3.12 or newer; found 3.9.2" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_python_at_all_is_one_line_and_exit_code_2(tree: Tree) -> None:
    done = tree.setup()
    assert done.returncode == 2
    assert "found none" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_shim_that_fails_is_passed_over(tree: Tree) -> None:
    tree.put("python3.13", FAILING)
    tree.put("python3.12", TOO_OLD)
    tree.put("python3", GOOD)
    done = tree.setup()
    assert done.returncode == 0, done.stderr
    assert "3.12.9" in done.stdout
    assert tree.installs == 1


def test_the_python_that_is_asked_for_comes_first(tree: Tree) -> None:
    tree.put("python3", TOO_OLD)
    mine = tree.put("mine", GOOD)
    assert tree.setup(PYTHON=str(mine)).returncode == 0


def test_the_second_time_nothing_is_done_or_said(tree: Tree) -> None:
    tree.put("python3", GOOD)
    tree.setup()
    done = tree.setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree.installs == 1


@pytest.mark.parametrize("change", ["the lock", "interrupted", "its python is gone"])
def test_a_venv_that_is_old_or_broken_is_made_anew(tree: Tree, change: str) -> None:
    tree.put("python3", GOOD)
    tree.setup()
    if change == "the lock":
        (tree.root / "requirements.lock").write_text("one==2\n")
    elif change == "interrupted":
        (tree.root / ".venv" / ".locked").unlink()
    else:
        (tree.root / ".venv" / "bin" / "python").unlink()
    leftover = tree.root / ".venv" / "leftover"
    leftover.touch()
    assert tree.setup().returncode == 0
    assert tree.installs == 2
    assert not leftover.exists()


def test_a_failed_installation_shows_why_and_is_not_taken_for_done(tree: Tree) -> None:
    fails = '*" pip "*) echo "no such package" >&2; exit 1 ;;\n    *" never "*) ;;'
    tree.put("python3", GOOD.replace('*" pip "*) echo "$@" >>asked ;;', fails))
    done = tree.setup()
    assert done.returncode == 2
    assert "no such package" in done.stderr
    assert tree.setup().returncode == 2


def test_a_python_without_venv_names_the_package(tree: Tree) -> None:
    tree.put("python3", GOOD.replace('"$*" in', '"$*" in\n    *ensurepip*) exit 1 ;;'))
    done = tree.setup()
    assert done.returncode == 2
    assert "cannot make virtual environments" in done.stderr
