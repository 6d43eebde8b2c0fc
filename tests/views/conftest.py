"""Settings that make the pages' tests quick, and people with few rights."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture(autouse=True)
def quick_passwords(settings: object) -> None:
    """A password's real hash takes half a second by design."""
    settings.PASSWORD_HASHERS = [  # type: ignore[attr-defined]
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]


@pytest.fixture
def clerk(db: None) -> Callable[..., Client]:
    """A browser signed in as somebody who has these rights, by their code names, and no other."""

    def signed_in(*rights: str) -> Client:
        user = User.objects.create_user(f"clerk-{User.objects.count()}")
        found = Permission.objects.filter(codename__in=rights)
        # The queue has schedules of its own.
        user.user_permissions.set(found.exclude(content_type__app_label="django_q"))
        assert user.user_permissions.count() == len(rights)
        client = Client()
        client.force_login(user)
        return client

    return signed_in
