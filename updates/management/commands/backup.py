"""Save the database to a file, while everything goes on."""

import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat

from updates.management import base, sqlite_copy

POSTGRES = (
    "This database is not SQLite. On PostgreSQL: "
    'pg_dump --format=custom --file=FILE "$DATABASE_URL"'
)


class Command(base.Command):
    requires_system_checks = ()  # They open the database, which may be missing or damaged.
    help = (
        "Save the database (SQLite) to FILE, of one moment and checked, while Watchweb goes on. "
        "The keys are not in it: keep encryption_key and secret_key of the data folder too."
    )
    examples = (
        "  manage.py backup /backups/watchweb.sqlite3\n"
        "  manage.py backup --force /backups/watchweb.sqlite3\n"
        '  pg_dump --format=custom --file=FILE "$DATABASE_URL"    (PostgreSQL)'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="Replace FILE if it is there.")

    def handle(self, *, file: Path, force: bool, **_: Any) -> None:
        if connection.vendor != "sqlite":
            raise base.wrong_use(POSTGRES)
        if file.exists() and not force:
            raise base.wrong_use(f"{file} is there already. Replace it with --force.")
        self._save(Path(connection.settings_dict["NAME"]), file)
        self.say(f"Saved {file} ({filesizeformat(file.stat().st_size)}).")
        self.say(
            "The keys are not in it. Keep a copy of encryption_key and secret_key from "
            f"{settings.DATA}, or of what the environment gives for them, in another place: "
            "without the encryption key the saved passwords are lost."
        )

    def _save(self, database: Path, file: Path) -> None:
        if file.exists() and file.samefile(database):
            raise base.wrong_use(f"{file} is the database itself.")
        try:
            with closing(sqlite_copy.opened(database, "rw")) as source:
                sqlite_copy.save(source, file)
        except sqlite3.Error as error:
            raise base.wrong_use(f"The database {database} cannot be saved: {error}.") from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise base.wrong_use(f"{file} cannot be written: {reason}.") from error
