"""On PostgreSQL the commands name PostgreSQL's own, and these do it."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commands.installation import Installation
from tests.lab.missing import postgres_program
from tests.lab.postgres import Postgres

pytestmark = [pytest.mark.postgres, pytest.mark.lab, pytest.mark.xdist_group("lab")]


@pytest.fixture
def installation(lab_postgres: Postgres, tmp_path: Path) -> Iterator[Installation]:
    with psycopg.connect(lab_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE backup")
        yield Installation(tmp_path, re.sub(r"/postgres$", "/backup", lab_postgres.url))
        connection.execute("DROP DATABASE backup WITH (FORCE)")


def said_to_run(installation: Installation, command: str) -> str:
    """The line that the command is refused with, from the program on."""
    done = installation.run(command, "watchweb.dump")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    return done.stderr.partition("pg_")[2]


def run(line: str, installation: Installation) -> None:
    """As somebody would who copies the line; the server's own version of the program."""
    program, *arguments = shlex.split(line)
    filled = [
        one.replace("$DATABASE_URL", installation.env["DATABASE_URL"]).replace(
            "FILE", "watchweb.dump"
        )
        for one in arguments
    ]
    argv = [postgres_program(f"pg_{program}"), *filled]
    subprocess.run(argv, check=True, cwd=installation.data.parent, timeout=60)


def test_the_lines_that_are_said_save_and_bring_back(installation: Installation) -> None:
    installation.begin()
    installation.manage("addhost", "then", "unix:///then.sock")
    dump = said_to_run(installation, "backup")
    restore, _, after = said_to_run(installation, "restore").partition(", ")
    assert after.strip() == "then manage.py migrate"

    run(dump, installation)
    installation.manage("addhost", "since", "unix:///since.sock")
    run(restore, installation)
    installation.begin()

    names = "from updates.models import Host; print(*Host.objects.values_list('name', flat=True))"
    assert installation.manage("shell", "-v0", "-c", names).strip() == "then"
