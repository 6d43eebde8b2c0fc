"""Secrets in rows: sealed at rest, opened by any of the keys, never in silence without one."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from updates.models import Host, Registry

SECRET = "the-password"


def column() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM updates_registry")
        return str(cursor.fetchone()[0])


@pytest.fixture
def registry(db: None) -> Registry:
    return Registry.objects.create(domain="ghcr.io", username="me", password=SECRET)


def test_a_secret_is_sealed_in_its_column_and_open_in_python(registry: Registry) -> None:
    assert SECRET not in column()
    assert Registry.objects.get().password == SECRET


def test_the_same_secret_is_never_sealed_the_same_way(registry: Registry) -> None:
    before = column()
    registry.save()

    assert column() != before


def test_nothing_stays_nothing(db: None) -> None:
    Registry.objects.create(domain="ghcr.io")

    assert column() == ""


def test_a_key_rotates_by_putting_a_new_one_first(registry: Registry, settings: Settings) -> None:
    old, new = settings.ENCRYPTION_KEYS, Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *old]
    kept = Registry.objects.get()
    assert kept.password == SECRET
    kept.save()

    settings.ENCRYPTION_KEYS = [new]

    assert Registry.objects.get().password == SECRET


def test_a_lost_key_is_told_and_not_taken_for_no_secret(
    registry: Registry, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(ImproperlyConfigured, match="none of the encryption keys") as caught:
        Registry.objects.get()

    assert SECRET not in str(caught.value)


def test_a_client_key_is_sealed_too(db: None) -> None:
    Host.objects.create(name="nas", url="tcp://nas:2376", tls_key=SECRET)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_host")
        assert SECRET not in repr(cursor.fetchall())
