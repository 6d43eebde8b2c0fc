"""What many tests need: hosts, people, settings that fit tests."""

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User
from django.test import Client

from updates.models import Host


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file of this process: a database in memory knows no busy time-out, and its
    threads fail with "table is locked" where an installation's wait."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(autouse=True)
def plain_static_files(settings: object) -> None:
    """The manifest of hashed names exists only after collectstatic."""
    backend = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": backend}  # type: ignore[attr-defined]


@pytest.fixture
def host(db: None) -> Host:
    return Host.objects.create(name="nas", url="unix:///nowhere.sock")


@pytest.fixture
def operator(db: None) -> User:
    """Somebody who may look, and start runs, and nothing else."""
    user = User.objects.create_user("operator", password="operator-password")
    user.user_permissions.add(Permission.objects.get(codename="start_run"))
    return user


@pytest.fixture
def signed_in(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client
