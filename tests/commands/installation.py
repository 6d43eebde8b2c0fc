"""Watchweb as somebody runs it: its own data folder and database, and commands as processes."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.lab.registry import Registry as LabRegistry

CHECKOUT = Path(__file__).resolve().parents[2]
_OWN = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DEBUG",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DJANGO_SETTINGS_MODULE",
    "REPO_USER",
    "REPO_PASS",
)


class Installation:
    """One below `root`; SQLite unless a database is given."""

    def __init__(self, root: Path, database_url: str = "") -> None:
        self.data = root / "data"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("WATCHWEB_") and name not in _OWN
        }
        self.env = kept | {
            "WATCHWEB_DATA": str(self.data),
            "DATABASE_URL": database_url or f"sqlite:///{root}/data/watchweb.sqlite3",
            "WATCHWEB_GATE_SECONDS": "0",
            "DOCKER_HOST": "unix:///nonexistent.sock",
            "PYTHONWARNINGS": "error::RuntimeWarning",
            "COLUMNS": "200",
        }

    def begin(self) -> None:
        """With the tables, and nothing in them. SQLite's are made once in a test process."""
        file = Path(self.env["DATABASE_URL"].removeprefix("sqlite:///"))
        if file.is_absolute():
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_empty_database(), file)
        else:
            self.manage("migrate", "--verbosity=0")

    def run(
        self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        return subprocess.run(
            self.argv(*arguments),
            env=self.env | (env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=self.data.parent,
        )

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """What a command that succeeds says."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def document(self, *arguments: str) -> dict[str, Any]:
        """The one document that a command prints with --json."""
        done = self.run(*arguments, "--json")
        assert done.stdout.count("\n") == 1, done
        return dict(json.loads(done.stdout))

    def trust(self, registry: LabRegistry) -> None:
        """Add a lab registry by the command."""
        arguments = ["addregistry", registry.address]
        if registry.ca_pem:
            ca = self.data.parent / "ca.pem"
            ca.write_text(registry.ca_pem)
            arguments += ["--ca-file", str(ca)]
        else:
            arguments.append("--insecure")
        if registry.auth != "none":
            arguments += ["--username", registry.username, "--password-stdin"]
        self.manage(*arguments, stdin=registry.password)

    @contextmanager
    def running(self, *arguments: str, **env: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on until the block ends; its words go to `said`."""
        with self.said.open("a") as out:
            process = subprocess.Popen(
                self.argv(*arguments),
                env=self.env | env,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @property
    def said(self) -> Path:
        return self.data.parent / "said.txt"

    def argv(self, *arguments: str) -> list[str]:
        return [sys.executable, str(CHECKOUT / "manage.py"), *arguments]


@cache
def _empty_database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="watchweb-tests-"))
    atexit.register(shutil.rmtree, folder)
    made = Installation(folder)
    made.manage("migrate", "--verbosity=0")
    return made.data / "watchweb.sqlite3"


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Look every fifth of a second. Raises AssertionError."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def answers(bind: str) -> bool:
    """True if a Watchweb at HOST:PORT says that it is well."""
    try:
        with urllib.request.urlopen(f"http://{bind}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
