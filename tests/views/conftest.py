"""Settings that make the pages' tests quick."""

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings: object) -> None:
    """A password's real hash takes half a second by design."""
    settings.PASSWORD_HASHERS = [  # type: ignore[attr-defined]
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]
