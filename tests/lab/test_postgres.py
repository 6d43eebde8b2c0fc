"""The private PostgreSQL server."""

import contextlib
import time
from pathlib import Path

import psycopg

from tests.lab.fixtures import need
from tests.lab.postgres import Postgres


def test_it_ends_at_once_though_a_client_is_there(lab_root: Path) -> None:
    need("postgres")
    server = Postgres(lab_root / "ending")
    server.start()
    with contextlib.closing(psycopg.connect(server.url, autocommit=True)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        pid, began = server.process.pid, time.monotonic()
        server.stop()
        assert time.monotonic() - began < 5
    assert not Path(f"/proc/{pid}").exists()
