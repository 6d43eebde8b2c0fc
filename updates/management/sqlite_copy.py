"""A SQLite database copied whole, while others use it, and put in another one's place.

Both ways by SQLite's own backup interface: a copy is of one moment, and a target is the old one or
the new one whatever dies in between.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_SQLITE = b"SQLite format 3\0"
_BELONG = ("", "-wal", "-shm", "-journal")


class InUse(Exception):
    """Another process has the database open."""


def opened(path: Path, mode: str = "ro") -> sqlite3.Connection:
    """A connection in autocommit; `mode` is "ro", "rw" or "rwc". Raises sqlite3.Error."""
    name = f"file:{quote(str(path))}?mode={mode}"
    return sqlite3.connect(name, uri=True, timeout=0, isolation_level=None)


def is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def is_sound(database: sqlite3.Connection) -> bool:
    """True if SQLite's own check finds nothing. Raises sqlite3.DatabaseError."""
    return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def save(database: sqlite3.Connection, target: Path) -> None:
    """Write a copy to `target`, 0600, in place of what is there: one file, whole or not at all.

    Raises sqlite3.DatabaseError, also for a copy that is not sound, and OSError.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(opened(draft, "rw")) as copy:
            database.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # Else it would need a -wal file beside it.
            if not is_sound(copy):
                raise sqlite3.DatabaseError("integrity_check found damage")
        _sync(draft)
        draft.replace(target)
        _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def taken_alone(path: Path) -> sqlite3.Connection:
    """The database at `path`, made if there is none; nobody else can open it until it is closed.

    Raises InUse, and sqlite3.DatabaseError if the file is none.
    """
    database = opened(path, "rwc")
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        database.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise InUse from error
        raise
    return database


def move_aside(path: Path, aside: Path) -> None:
    """Rename a database that cannot be read, with what belongs to it."""
    for ending in _BELONG:
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
