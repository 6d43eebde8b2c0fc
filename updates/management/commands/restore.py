"""Put a saved database in the place of the present one."""

import sqlite3
from argparse import ArgumentParser
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from updates.management import backup_check, base, sqlite_copy
from updates.schedules.cluster import queue_anew

POSTGRES = (
    "This database is not SQLite. On PostgreSQL, with Watchweb stopped: "
    'pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" FILE, '
    "then manage.py migrate"
)


class Command(base.Command):
    requires_system_checks = ()  # They open the database, which may be missing or damaged.
    help = (
        "Put a database that `backup` saved (SQLite) in the place of the present one, which is "
        "kept beside it as ….before-restore. Watchweb has to be stopped."
    )
    examples = (
        "  manage.py restore /backups/watchweb.sqlite3\n"
        '  pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" FILE    (PostgreSQL)'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_: Any) -> None:
        if connection.vendor != "sqlite":
            raise base.wrong_use(POSTGRES)
        present = Path(connection.settings_dict["NAME"])
        if present.exists() and file.exists() and file.samefile(present):
            raise base.wrong_use(f"{file} is the database itself.")
        if why := backup_check.why_not_usable(file):
            raise base.wrong_use(why)
        connection.close()
        self._replace(present, file)
        call_command("migrate", interactive=False, verbosity=0)
        waiting = queue_anew()
        self.say(f"Restored {file}.")
        if waiting:
            self.say(f"Host runs that were waiting then, and go on with the next start: {waiting}.")
        if why := backup_check.why_secrets_are_closed():
            self.stderr.write(f"Warning: {why}", self.style.WARNING)

    def _replace(self, present: Path, file: Path) -> None:
        aside = present.with_name(f"{present.name}.{timezone.now():%Y%m%dT%H%M%S}.before-restore")
        try:
            with (
                closing(sqlite_copy.opened(file)) as source,
                closing(_taken(present, aside)) as target,
            ):
                source.backup(target)
        except sqlite_copy.InUse as error:
            raise base.wrong_use(
                f"The database {present} is in use: stop Watchweb (up, qcluster) first."
            ) from error
        except (sqlite3.Error, OSError) as error:
            raise base.wrong_use(f"{present} cannot be replaced: {error}.") from error
        if aside.exists():
            self.say(f"The database that was there is kept as {aside}.")


def _taken(present: Path, aside: Path) -> sqlite3.Connection:
    """The present database, for nobody else, with a copy of it aside; a new one in its place, and
    the thing itself aside, if it is damaged. One without tables is not kept."""
    try:
        with ExitStack() as unless_kept:
            database = unless_kept.enter_context(closing(sqlite_copy.taken_alone(present)))
            if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                sqlite_copy.save(database, aside)
            unless_kept.pop_all()
            return database
    except sqlite3.DatabaseError:
        sqlite_copy.move_aside(present, aside)
        return sqlite_copy.taken_alone(present)
