"""What every bench stands on: a temporary folder, parts that end, a database, settings."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from bench.child import BenchError
from tests.lab.missing import LabError, missing
from tests.lab.postgres import Postgres

MAX_CONNECTIONS = 32  # To one registry.
SETTLING_S = 0.1  # Until a proxy has seen the connections of the last scan close.
LAB = "lab"
DATABASE_HELP = 'An empty one; "lab" is a private PostgreSQL. Without it: SQLite.'
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OWN = ("SECRET_KEY", "DATABASE_URL", "DEBUG", "DOCKER_HOST", "ALLOWED_HOSTS", "TZ")
# More than the lab's tests need: a process has a connection for each of its threads.
_CONNECTIONS = "max_connections=400"


class Part(Protocol):
    """What can be started, and ended whether it was started or not."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Stage:
    """Parts below `root`. They end in reverse order, whatever happens."""

    def __init__(self, root: Path, ends: ExitStack) -> None:
        self.root = root
        self._ends = ends

    def start[One: Part](self, part: One) -> One:
        self._ends.callback(part.stop)
        part.start()
        return part

    def database(
        self, choice: str = "", env: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> str:
        """The address of an empty database: SQLite, the lab's PostgreSQL, or the one chosen.

        `env`: more of the environment of the lab's server; `folder`: where its files are.
        """
        root = folder or self.root
        if choice != LAB:
            return choice or f"sqlite:///{root}/bench.sqlite3"
        need("postgres")
        server = Postgres(root / "postgres", env)
        server.process.argv += ["-c", _CONNECTIONS]
        return self.start(server).url


def need(*parts: str) -> None:
    """Raises LabError if one of these parts of the lab is not on this machine."""
    for part in parts:
        if why := missing(part):
            raise LabError(why)


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage for one bench. A signal to end is heard once: what was started ends in peace.

    Its own errors end the program with their sentence.
    """
    with tempfile.TemporaryDirectory(prefix="wwb-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user goes through it.
        for one in _ENDING:
            signal.signal(one, _end)
        try:
            with ExitStack() as ends:
                yield Stage(Path(folder), ends)
        except (BenchError, LabError) as error:
            sys.exit(f"The bench cannot go on: {error}")
        except KeyboardInterrupt:
            sys.exit("Stopped.")


def environment(root: Path, database_url: str) -> dict[str, str]:
    """The settings of an installation below `root`, and nothing of this machine's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("WATCHWEB_") and name not in _OWN
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "watchweb.settings",
        "WATCHWEB_DATA": str(root / "data"),
        "WATCHWEB_LOG_LEVEL": "ERROR",
        "DATABASE_URL": database_url,
        "DOCKER_CONFIG": "/nonexistent",
    }


def _end(*_: object) -> None:
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt
