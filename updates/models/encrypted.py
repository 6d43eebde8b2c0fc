"""Columns that are encrypted at rest with the keys of settings.ENCRYPTION_KEYS."""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """Encrypts with the first key, decrypts with any: a key rotates by putting a new one first."""
    return _cipher(tuple(settings.ENCRYPTION_KEYS))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text in Python, a Fernet token in the database; "" stays "".

    It cannot be searched. A row that no key opens raises ImproperlyConfigured: the data folder's
    key file was lost or swapped.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return cipher().encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A saved secret cannot be read: none of the encryption keys opens it. Put back "
                "the encryption_key file it was saved with, or list its key in "
                "WATCHWEB_ENCRYPTION_KEYS."
            ) from error


class EncryptedJSONField(EncryptedTextField):
    """A dict in Python, an encrypted JSON document in the database; an empty one is ""."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value) if value else "")

    def from_db_value(self, value: str | None, *rest: Any) -> Any:
        text = super().from_db_value(value, *rest)
        return json.loads(text) if text else {}
