"""Who Watchweb is to a registry: saved, traded for something short-lived, or of the environment."""

import json
import os

from django.conf import settings

from updates.models import Registry, RegistryToken
from updates.registry.logins.broker import ShortLived, broker_of, usable
from updates.registry.logins.credentials import Credentials, fingerprint_of
from updates.registry.logins.docker_config import environment_login
from updates.registry.logins.kinds import RegistryKind
from updates.registry.tokens import Token, TokenKey, TokenStore

_LENT = "credentials:"


def credentials_of(row: Registry, tokens: TokenStore) -> Credentials | None:
    """The credentials to send; None for anonymous access.

    Short-lived ones are kept in the token store like any token, so that all workers share them.
    Raises RegistryError when they cannot be had.
    """
    kind, saved = RegistryKind(row.kind), row.credentials()
    if broker := broker_of(kind, row.domain, saved):
        key = TokenKey(row.address, f"{_LENT}{kind}", "", "", fingerprint_of(saved))
        return _unpacked(tokens.obtain(key, lambda: _packed(broker())))
    if saved is None and row.domain in settings.WATCHWEB_REPO_REGISTRIES:
        return environment_login(os.environ)
    return usable(kind, saved)


def forget_lent(row: Registry) -> None:
    """Drop the short-lived credentials kept for a registry: it refused them before their end."""
    RegistryToken.objects.filter(registry=row.address, realm__startswith=_LENT).delete()


def _packed(lent: ShortLived) -> Token:
    pair = [lent.credentials.username, lent.credentials.password]
    return Token(json.dumps(pair), lent.expires_at)


def _unpacked(token: Token) -> Credentials:
    username, password = json.loads(token.value)
    return Credentials(username, password)
