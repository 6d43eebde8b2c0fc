"""Registry tokens kept in rows: they outlive the process, and N workers ask once."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db.models import F
from django.utils import timezone

from updates.models import RegistryToken
from updates.registry.tokens import Token, TokenKey
from updates.runs.single_flight import filled


class RowTokenStore:
    """A `TokenStore` on the RegistryToken rows."""

    def __init__(self, clock: Callable[[], float] = lambda: timezone.now().timestamp()) -> None:
        self.clock = clock

    def obtain(self, key: TokenKey, fetch: Callable[[], Token]) -> Token:
        """The kept token if it is fresh, else the one that exactly one caller fetches."""
        row = _row(key)
        if self._is_fresh(row):
            RegistryToken.objects.filter(pk=row.pk).update(hits=F("hits") + 1)
            return _token(row)
        return _token(filled(row, self._is_fresh, lambda row: _fill(row, fetch())))

    def discard(self, key: TokenKey, token: Token) -> None:
        """Forget a token the registry refused, unless another one has taken its place."""
        row = _row(key)
        if row.value == token.value:
            rows = RegistryToken.objects.filter(pk=row.pk, fetched_at=row.fetched_at)
            rows.update(value="", expires_at=None)

    def _is_fresh(self, row: RegistryToken) -> bool:
        return bool(row.value) and _token(row).is_fresh(self.clock())


def _row(key: TokenKey) -> RegistryToken:
    row, _ = RegistryToken.objects.get_or_create(
        registry=key.registry,
        realm=key.realm,
        service=key.service,
        scope=key.scope,
        fingerprint=key.fingerprint,
    )
    return row


def _fill(row: RegistryToken, token: Token) -> None:
    RegistryToken.objects.filter(pk=row.pk).update(
        value=token.value,
        fetched_at=timezone.now(),
        expires_at=datetime.fromtimestamp(token.expires_at, UTC),
        hits=0,
    )


def _token(row: RegistryToken) -> Token:
    expires_at = row.expires_at.timestamp() if row.expires_at else 0.0
    return Token(value=row.value, expires_at=expires_at)
