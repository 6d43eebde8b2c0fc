"""A private PostgreSQL server on loopback."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.lab.missing import postgres_program, program
from tests.lab.ports import answers, free_port
from tests.lab.process import Process


class Postgres:
    """One server below `root`, run as the user postgres when this is root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        data = str(root / "data")
        self._init = [postgres_program("initdb"), "--auth=trust", "--username=postgres", "-N", data]
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "100",
        }
        self._serve = [postgres_program("postgres"), "-D", data, "-p", str(self.port)]
        self._serve += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.process = Process(self._serve, root / "postgres.log")

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.root, "postgres", "postgres")
            as_user = [program("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run([*as_user, *self._init], check=True, capture_output=True, cwd=self.root)
        self.process.argv = [*as_user, *self._serve]
        self.process.start(lambda: answers(self.port))

    def stop(self) -> None:
        self.process.stop()
