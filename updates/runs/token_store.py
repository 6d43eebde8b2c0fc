"""Registry tokens kept in rows: they outlive the process, and N workers ask once."""

import threading
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial

from django.db.models import F
from django.utils import timezone

from updates.models import RegistryToken
from updates.models.lease import until
from updates.registry.errors import TransportError
from updates.registry.tokens import Token, TokenKey
from updates.runs.desk import Doing, at_once
from updates.runs.keeper import LEASE
from updates.runs.single_flight import filled

_FILLED = ("value", "fetched_at", "expires_at", "hits", "filling_until", "filled_by")


class RowTokenStore:
    """A `TokenStore` on the RegistryToken rows. Used by many threads at once.

    Fresh tokens stay in memory after the first look, so that a check of a hundred repositories
    costs no statement per token. `save_hits` writes down how often each was used. `desk` does the
    work on the database: for threads that have no connection of their own, another than `at_once`.
    """

    def __init__(self, clock: Callable[[], float] = lambda: timezone.now().timestamp()) -> None:
        self.clock = clock
        self.desk: Doing = at_once
        self._guard = threading.Lock()
        self._turns: defaultdict[TokenKey, threading.Lock] = defaultdict(threading.Lock)
        self._tokens: dict[TokenKey, tuple[int, Token]] = {}
        self._hits = Counter[int]()
        self._uses = Counter[tuple[str, bool]]()

    def load(self, registries: Iterable[str]) -> None:
        """Take every usable token of these registries into memory, in one statement."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        rows = RegistryToken.objects.usable(now).filter(registry__in=set(registries))
        self._tokens |= {_key(row): (row.pk, _token(row)) for row in rows}

    def obtain(self, key: TokenKey, fetch: Callable[[], Token]) -> Token:
        """The kept token if it is fresh, else the one that exactly one caller fetches."""
        with self._guard:
            turn = self._turns[key]
        with turn:  # One thread of this process asks the row; the others find its answer.
            pk, token = self._tokens.get(key, (0, None))
            if token is None or not token.is_fresh(self.clock()):
                pk, token, is_new = self._from_row(key, fetch)
                self._tokens[key] = pk, token
                if is_new:
                    with self._guard:
                        self._uses[key.registry, False] += 1
                    return token
        with self._guard:
            self._hits[pk] += 1
            self._uses[key.registry, True] += 1
        return token

    def discard(self, key: TokenKey, token: Token) -> None:
        """Forget a token the registry refused, unless another one has taken its place."""
        with self._guard:
            if self._tokens.get(key, (0, None))[1] == token:
                del self._tokens[key]
        self.desk(partial(_discard, key, token))

    def save_hits(self) -> None:
        """Write down the hits since the last time: one statement per distinct number of them."""
        with self._guard:
            hits, self._hits = self._hits, Counter[int]()
        numbers = defaultdict[int, list[int]](list)
        for pk, number in hits.items():
            numbers[number].append(pk)
        for number, pks in numbers.items():
            RegistryToken.objects.filter(pk__in=pks).update(hits=F("hits") + number)

    def take_uses(self) -> Mapping[tuple[str, bool], int]:
        """Since the last time, by (registry, whether a token was at hand)."""
        with self._guard:
            uses, self._uses = self._uses, Counter[tuple[str, bool]]()
        return uses

    def _from_row(self, key: TokenKey, fetch: Callable[[], Token]) -> tuple[int, Token, bool]:
        """(row's key, token, whether `fetch` was called for it)."""
        while True:
            try:
                return self._filled(key, fetch)
            except RegistryToken.DoesNotExist:
                continue  # Flushed between two looks at it; there will be another row.

    def _filled(self, key: TokenKey, fetch: Callable[[], Token]) -> tuple[int, Token, bool]:
        fetched: list[Token] = []
        me = uuid.uuid4().hex
        claim = {"filling_until": until(LEASE), "filled_by": me}
        named = partial(RegistryToken.objects.get_or_create, **_columns(key), defaults=claim)
        row, is_ours = self.desk(named)

        def fill(row: RegistryToken) -> None:
            fetched.append(fetch())
            self.desk(partial(_save, row, fetched[-1]))

        try:
            row = filled(row, self._is_fresh, fill, me=me, is_ours=is_ours, desk=self.desk)
        except TimeoutError as error:
            raise TransportError(
                f"Another worker has been asking for a token of {key.registry} for a minute."
            ) from error
        return row.pk, _token(row), bool(fetched)

    def _is_fresh(self, row: RegistryToken) -> bool:
        return bool(row.value) and _token(row).is_fresh(self.clock())


def _save(row: RegistryToken, token: Token) -> None:
    """Write the token down and let go of its row; one that was flushed meanwhile stays away."""
    row.value, row.hits = token.value, 0
    row.filling_until, row.filled_by = None, ""
    row.fetched_at = timezone.now()
    row.expires_at = datetime.fromtimestamp(token.expires_at, UTC)
    facts = {name: getattr(row, name) for name in _FILLED}
    RegistryToken.objects.filter(pk=row.pk).update(**facts)


def _discard(key: TokenKey, token: Token) -> None:
    row = RegistryToken.objects.filter(**_columns(key)).first()
    if row is not None and row.value == token.value:
        rows = RegistryToken.objects.filter(pk=row.pk, fetched_at=row.fetched_at)
        rows.update(value="", expires_at=None)


def _columns(key: TokenKey) -> dict[str, str]:
    return {
        "registry": key.registry,
        "realm": key.realm,
        "service": key.service,
        "scope": key.scope,
        "fingerprint": key.fingerprint,
    }


def _key(row: RegistryToken) -> TokenKey:
    return TokenKey(row.registry, row.realm, row.service, row.scope, row.fingerprint)


def _token(row: RegistryToken) -> Token:
    expires_at = row.expires_at.timestamp() if row.expires_at else 0.0
    return Token(value=row.value, expires_at=expires_at)
