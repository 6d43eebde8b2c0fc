"""A private PostgreSQL server on loopback."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.lab.missing import LabError, postgres_program, program
from tests.lab.ports import free_port
from tests.lab.process import Process

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "max_connections": "100",
}


class Postgres:
    """One server below `root`, run as the user postgres when this is root.

    `env`: what only the server itself gets, as a library that is to be loaded into it.
    """

    def __init__(self, root: Path, env: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._env = [f"{name}={value}" for name, value in (env or {}).items()]
        # SIGINT ends it at once; SIGTERM would wait for every client to go.
        log = root / "postgres.log"
        self.process = Process(self._serve_argv(), log, stop_signal=signal.SIGINT)

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.root, "postgres", "postgres")
        made = subprocess.run(self._init_argv(), capture_output=True, cwd=self.root, check=False)
        if made.returncode:
            raise LabError(f"PostgreSQL's cluster was not made: {made.stderr.decode()[-500:]}")
        self.process.start(self._lets_in)

    def stop(self) -> None:
        self.process.stop()

    def _lets_in(self) -> bool:
        """It listens some time before it lets anybody in."""
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def _init_argv(self) -> list[str]:
        argv = ["--auth=trust", "--username=postgres", "--no-sync", str(self.root / "data")]
        return [*_as_postgres(), postgres_program("initdb"), *argv]

    def _serve_argv(self) -> list[str]:
        argv = [postgres_program("postgres"), "-D", str(self.root / "data"), "-p", str(self.port)]
        settings = (part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}"))
        return [*_as_postgres(), "env", *self._env, *argv, *settings]


def _as_postgres() -> list[str]:
    """Become the user postgres. Changing user clears the parent-death signal: it is set anew."""
    if os.geteuid() != 0:
        return []
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [program("setpriv"), *user, "--pdeathsig=INT"]
