"""One token for all who need it, fetched once, sealed in its column."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from updates.models import RegistryToken
from updates.registry.errors import AuthError
from updates.registry.tokens import Token, TokenKey
from updates.runs.token_store import RowTokenStore

KEY = TokenKey("ghcr.io", "https://ghcr.io/token", "ghcr.io", "repository:a/b:pull", "me")
HOUR_S = 3600.0


class Realm:
    """A token service that counts, and takes its time."""

    def __init__(self, life_s: float = HOUR_S) -> None:
        self.life_s = life_s
        self.asked = 0

    def fetch(self) -> Token:
        self.asked += 1
        time.sleep(0.05)
        return Token(f"token-{self.asked}", timezone.now().timestamp() + self.life_s)


@pytest.mark.django_db(transaction=True)
def test_eight_threads_that_need_a_token_make_one_request() -> None:
    realm, barrier = Realm(), Barrier(8)

    def obtain(_: int) -> str:
        try:
            barrier.wait(10)
            return RowTokenStore().obtain(KEY, realm.fetch).value
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(obtain, range(8)))

    assert values == ["token-1"] * 8
    assert realm.asked == 1


def test_a_fresh_token_is_used_again_and_counted(db: None) -> None:
    realm, store = Realm(), RowTokenStore()

    values = [store.obtain(KEY, realm.fetch).value for _ in range(3)]

    assert values == ["token-1"] * 3
    assert RegistryToken.objects.get().hits == 2


def test_an_expired_token_is_fetched_anew(db: None) -> None:
    realm = Realm(life_s=60)
    now = timezone.now().timestamp()
    clock = [now]
    store = RowTokenStore(lambda: clock[0])
    store.obtain(KEY, realm.fetch)
    realm.life_s = HOUR_S
    clock[0] = now + 45
    assert store.obtain(KEY, realm.fetch).value == "token-1"
    clock[0] = now + 51  # Nine seconds before its end it may not arrive in time.

    assert store.obtain(KEY, realm.fetch).value == "token-2"


@pytest.mark.parametrize("change", ["registry", "realm", "service", "scope", "fingerprint"])
def test_each_part_of_the_key_has_a_token_of_its_own(change: str, db: None) -> None:
    realm, store = Realm(), RowTokenStore()
    store.obtain(KEY, realm.fetch)

    store.obtain(replace(KEY, **{change: "other"}), realm.fetch)

    assert realm.asked == 2
    assert RegistryToken.objects.count() == 2


def test_a_fetch_that_fails_is_the_callers_and_the_next_one_tries(db: None) -> None:
    store, realm = RowTokenStore(), Realm()

    def refuse() -> Token:
        raise AuthError("ghcr.io refuses the user name or password saved for it.")

    with pytest.raises(AuthError):
        store.obtain(KEY, refuse)

    assert store.obtain(KEY, realm.fetch).value == "token-1"


def test_a_filler_that_died_is_waited_for_until_its_lease_ends(db: None) -> None:
    store, realm = RowTokenStore(), Realm()
    row = RegistryToken.objects.create(
        registry=KEY.registry,
        realm=KEY.realm,
        service=KEY.service,
        scope=KEY.scope,
        fingerprint=KEY.fingerprint,
    )
    lease_end = timezone.now() + timedelta(seconds=0.6)
    assert RegistryToken.claim_filling(row.pk, lease=timedelta(seconds=0.6))
    assert not RegistryToken.claim_filling(row.pk, lease=timedelta(seconds=15))

    assert store.obtain(KEY, realm.fetch).value == "token-1"

    assert timezone.now() >= lease_end
    assert RegistryToken.objects.get().filling_until is None


def test_a_token_that_is_old_when_it_arrives_is_used_once(db: None) -> None:
    realm, store = Realm(life_s=-5), RowTokenStore()

    values = [store.obtain(KEY, realm.fetch).value for _ in range(2)]

    assert values == ["token-1", "token-2"]


def test_only_the_refused_token_is_discarded(db: None) -> None:
    store, realm = RowTokenStore(), Realm()
    first = store.obtain(KEY, realm.fetch)
    store.discard(KEY, Token("another", first.expires_at))
    assert store.obtain(KEY, realm.fetch).value == "token-1"

    store.discard(KEY, first)
    assert store.obtain(KEY, realm.fetch).value == "token-2"
    store.discard(KEY, first)  # It comes late: another has taken its place.

    assert store.obtain(KEY, realm.fetch).value == "token-2"


def test_the_column_holds_no_token_that_can_be_read(db: None) -> None:
    RowTokenStore().obtain(KEY, Realm().fetch)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_registrytoken")
        columns = repr(cursor.fetchall())
    assert "token-1" not in columns
    assert RegistryToken.objects.get().value == "token-1"
