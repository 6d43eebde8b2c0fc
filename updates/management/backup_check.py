"""Is a file a database of Watchweb's that this release can take over?"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.loader import MigrationLoader

from updates.management import sqlite_copy
from updates.models import Host, HostRun, UpdateRun
from updates.models.encrypted import EncryptedTextField

_TABLES = {model._meta.db_table for model in (Host, HostRun, UpdateRun)} | {"django_migrations"}


def why_not_usable(file: Path) -> str:
    """The sentence that says why it cannot be restored; "" when it can."""
    try:
        if not sqlite_copy.is_sqlite(file):
            return f"{file} is no SQLite database. (A dump of pg_dump needs pg_restore.)"
        with closing(sqlite_copy.opened(file)) as database:
            if not sqlite_copy.is_sound(database):
                return f"{file} is damaged: SQLite's integrity_check fails."
            return _why_not_ours(file, database)
    except OSError as error:
        return f"{file} cannot be read: {(error.strerror or str(error)).lower()}."
    except sqlite3.Error as error:
        return f"{file} cannot be read: {error}."


def _why_not_ours(file: Path, database: sqlite3.Connection) -> str:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    if not tables >= _TABLES:
        return f"{file} is no database of Watchweb's."
    loader = MigrationLoader(None)
    applied = set(database.execute("SELECT app, name FROM django_migrations"))
    newer = sorted(
        f"{app}.{name}"
        for app, name in applied - set(loader.disk_migrations)
        if app in loader.migrated_apps
    )
    if newer:
        return f"{file} is of a newer Watchweb (it has {newer[-1]}): update this one first."
    return ""


def why_secrets_are_closed() -> str:
    """The sentence that says which key the saved secrets need; "" when all of them open."""
    for model in apps.get_app_config("updates").get_models():
        for field in model._meta.fields:
            if isinstance(field, EncryptedTextField):
                try:
                    list(model._default_manager.values_list(field.name, flat=True))
                except ImproperlyConfigured as error:
                    return str(error)
    return ""
