"""One token for all who need it, fetched once, sealed in its column."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from updates.models import RegistryToken
from updates.registry.errors import AuthError
from updates.registry.tokens import Token, TokenKey
from updates.runs.token_store import RowTokenStore

KEY = TokenKey("ghcr.io", "https://ghcr.io/token", "ghcr.io", "repository:a/b:pull", "me")
HOUR_S = 3600.0
# The keeper's thread writes too: it must not wait for a test's transaction.
pytestmark = pytest.mark.django_db(transaction=True)


class Realm:
    """A token service that counts, and takes its time."""

    def __init__(self, life_s: float = HOUR_S) -> None:
        self.life_s = life_s
        self.asked = 0

    def fetch(self) -> Token:
        self.asked += 1
        time.sleep(0.05)
        return Token(f"token-{self.asked}", timezone.now().timestamp() + self.life_s)


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


def test_a_fresh_token_is_used_again_and_counted() -> None:
    realm, store = Realm(), RowTokenStore()

    values = [store.obtain(KEY, realm.fetch).value for _ in range(3)]
    store.save_hits()
    store.save_hits()

    assert values == ["token-1"] * 3
    assert RegistryToken.objects.get().hits == 2


def test_another_store_takes_all_tokens_of_a_registry_in_one_statement() -> None:
    realm, store = Realm(), RowTokenStore()
    keys = [replace(KEY, scope=f"repository:a/b-{number}:pull") for number in range(20)]
    for key in keys:
        store.obtain(key, realm.fetch)
    other = RowTokenStore()

    with CaptureQueriesContext(connection) as statements:
        other.load(["ghcr.io"])
        assert [other.obtain(key, realm.fetch).value for key in keys]
        other.save_hits()

    assert realm.asked == 20
    assert len(statements) == 2, "one to load them, one to count their use"
    assert set(RegistryToken.objects.values_list("hits", flat=True)) == {1}


def test_an_expired_token_is_not_loaded() -> None:
    realm = Realm()
    RowTokenStore().obtain(KEY, realm.fetch)
    later = RowTokenStore(lambda: timezone.now().timestamp() + HOUR_S)
    later.load(["ghcr.io"])

    assert later.obtain(KEY, realm.fetch).value == "token-2"


def test_an_expired_token_is_fetched_anew() -> None:
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
def test_each_part_of_the_key_has_a_token_of_its_own(change: str) -> None:
    realm, store = Realm(), RowTokenStore()
    store.obtain(KEY, realm.fetch)

    store.obtain(replace(KEY, **{change: "other"}), realm.fetch)

    assert realm.asked == 2
    assert RegistryToken.objects.count() == 2


def test_a_fetch_that_fails_is_the_callers_and_the_next_one_tries() -> None:
    store, realm = RowTokenStore(), Realm()

    def refuse() -> Token:
        raise AuthError("ghcr.io refuses the user name or password saved for it.")

    with pytest.raises(AuthError):
        store.obtain(KEY, refuse)

    assert store.obtain(KEY, realm.fetch).value == "token-1"


def test_a_filler_that_died_is_waited_for_until_its_lease_ends() -> None:
    store, realm = RowTokenStore(), Realm()
    row = RegistryToken.objects.create(
        registry=KEY.registry,
        realm=KEY.realm,
        service=KEY.service,
        scope=KEY.scope,
        fingerprint=KEY.fingerprint,
    )
    lease_end = timezone.now() + timedelta(seconds=0.6)
    assert RegistryToken.claim_filling(row.pk, by="dead", lease=timedelta(seconds=0.6))
    assert not RegistryToken.claim_filling(row.pk, by="living", lease=timedelta(seconds=15))

    assert store.obtain(KEY, realm.fetch).value == "token-1"

    assert timezone.now() >= lease_end
    assert RegistryToken.objects.get().filling_until is None


def test_a_token_that_is_old_when_it_arrives_is_used_once() -> None:
    realm, store = Realm(life_s=-5), RowTokenStore()

    values = [store.obtain(KEY, realm.fetch).value for _ in range(2)]

    assert values == ["token-1", "token-2"]


def test_only_the_refused_token_is_discarded() -> None:
    store, realm = RowTokenStore(), Realm()
    first = store.obtain(KEY, realm.fetch)
    store.discard(KEY, Token("another", first.expires_at))
    assert store.obtain(KEY, realm.fetch).value == "token-1"

    store.discard(KEY, first)
    assert store.obtain(KEY, realm.fetch).value == "token-2"
    store.discard(KEY, first)  # It comes late: another has taken its place.

    assert store.obtain(KEY, realm.fetch).value == "token-2"


def test_the_column_holds_no_token_that_can_be_read() -> None:
    RowTokenStore().obtain(KEY, Realm().fetch)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_registrytoken")
        columns = repr(cursor.fetchall())
    assert "token-1" not in columns
    assert RegistryToken.objects.get().value == "token-1"


def test_a_token_flushed_while_it_is_fetched_is_used_and_not_kept() -> None:
    def fetch() -> Token:
        RegistryToken.objects.all().delete()
        return Token("the-token", timezone.now().timestamp() + HOUR_S)

    assert RowTokenStore().obtain(KEY, fetch).value == "the-token"

    assert not RegistryToken.objects.exists()


def test_a_token_flushed_while_it_is_waited_for_is_fetched_anew() -> None:
    realm, store = Realm(), RowTokenStore()
    columns = {name: getattr(KEY, name) for name in ("registry", "realm", "service", "scope")}
    row = RegistryToken.objects.create(**columns, fingerprint=KEY.fingerprint)
    assert RegistryToken.claim_filling(row.pk, by="other", lease=timedelta(seconds=60))

    def obtain() -> str:
        try:
            return store.obtain(KEY, realm.fetch).value
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(obtain)
        time.sleep(0.3)
        assert not waiting.done()
        RegistryToken.objects.all().delete()

        assert waiting.result(10) == "token-1"
