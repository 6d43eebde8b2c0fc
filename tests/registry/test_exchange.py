"""Credentials for a token: what is asked, and what is made of the answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Clock
from updates.registry.addresses import PeerGuard
from updates.registry.config import RegistryConfig
from updates.registry.credentials import Credentials
from updates.registry.errors import AuthError, CredentialsRefused, NotARegistry, RateLimited
from updates.registry.exchange import exchange
from updates.registry.realm import Bearer
from updates.registry.tokens import Token
from updates.registry.transport import Transport
from updates.registry.trust import TrustMode, ssl_context

SCOPE = "repository:team/app:pull"


@pytest.fixture
def transport(clock: Clock) -> Iterator[Transport]:
    transport = Transport(
        ssl_context(TrustMode.SYSTEM, None),
        PeerGuard("127.0.0.1"),
        plain_http=True,
        sleep=clock.sleep,
    )
    yield transport
    transport.close()


class Counter:
    """The desk where tokens are asked for: one registry's exchange with all but the case bound."""

    def __init__(self, registry: FakeRegistry, transport: Transport, clock: Clock) -> None:
        self._registry = registry
        self._transport = transport
        self._clock = clock

    def ask(
        self, credentials: Credentials | None = None, *, scope: str = SCOPE, realm: str = ""
    ) -> Token:
        config = RegistryConfig(self._registry.address, credentials, plain_http=True)
        bearer = Bearer(realm or self._registry.realm, "fake")
        return exchange(bearer, scope, config, transport=self._transport, clock=self._clock)


@pytest.fixture
def counter(registry: FakeRegistry, transport: Transport, clock: Clock) -> Counter:
    return Counter(registry, transport, clock)


def test_an_anonymous_token_is_asked_for_without_credentials(
    counter: Counter, registry: FakeRegistry
) -> None:
    assert counter.ask().value == "t0ken-1"
    (seen,) = registry.seen
    assert (seen.method, seen.authorization) == ("GET", "")
    assert seen.query == {"service": ["fake"], "scope": [SCOPE]}


def test_a_user_is_named_and_proves_it(counter: Counter, registry: FakeRegistry) -> None:
    counter.ask(ROBOT)

    (seen,) = registry.seen
    assert seen.authorization == "Basic"
    assert seen.query["account"] == ["robot"]


def test_an_identity_token_goes_in_the_body_of_a_post(
    counter: Counter, registry: FakeRegistry
) -> None:
    counter.ask(Credentials("<token>", identity_token=registry.identity_token))

    (seen,) = registry.seen
    assert (seen.method, seen.authorization, seen.query) == ("POST", "", {})
    assert seen.form == {
        "grant_type": ["refresh_token"],
        "service": ["fake"],
        "client_id": ["watchweb"],
        "refresh_token": [registry.identity_token],
        "scope": [SCOPE],
    }


def test_the_realms_own_query_is_kept(counter: Counter, registry: FakeRegistry) -> None:
    counter.ask(realm=f"{registry.url}/token?tenant=a%2Fb#part")

    assert registry.seen[0].query["tenant"] == ["a/b"]
    assert registry.seen[0].query["scope"] == [SCOPE]


def test_several_scopes_are_parameters_of_their_own(
    counter: Counter, registry: FakeRegistry
) -> None:
    counter.ask(scope="repository:a:pull repository:b:pull")

    assert registry.seen[0].query["scope"] == ["repository:a:pull", "repository:b:pull"]


@pytest.mark.parametrize("fields", [("token",), ("access_token",), ("token", "access_token")])
def test_either_name_of_the_token_is_read(
    counter: Counter, registry: FakeRegistry, fields: tuple[str, ...]
) -> None:
    registry.behaviour.token_fields = fields

    assert counter.ask().value == "t0ken-1"


@pytest.mark.parametrize(
    ("life", "seconds"),
    [("300", 300), ('"300"', 300), ("null", 60), ("1", 60), ("-5", 60), ("1e300", 86400),
     ("NaN", 60), ("Infinity", 86400), ("[]", 60), ('"soon"', 60)],
)  # fmt: skip
def test_a_token_lives_as_long_as_said_within_reason(
    counter: Counter, registry: FakeRegistry, clock: Clock, life: str, seconds: float
) -> None:
    registry.behaviour.token_body = f'{{"token": "t", "expires_in": {life}}}'.encode()

    assert counter.ask().expires_at == clock.now + seconds


def test_a_token_that_names_no_lifetime_lives_a_minute(
    counter: Counter, registry: FakeRegistry, clock: Clock
) -> None:
    registry.behaviour.token_life_s = None

    assert counter.ask().expires_at == clock.now + 60


@pytest.mark.parametrize(
    ("offset_s", "believed"), [(-100, True), (0, True), (-200, False), (-9999, False), (50, False)]
)
def test_the_servers_clock_is_believed_if_the_token_is_still_young(
    counter: Counter, registry: FakeRegistry, clock: Clock, offset_s: float, believed: bool
) -> None:
    issued = datetime.fromtimestamp(clock.now + offset_s, UTC).isoformat().replace("+00:00", "Z")
    body = f'{{"token": "t", "expires_in": 300, "issued_at": "{issued}"}}'
    registry.behaviour.token_body = body.encode()

    started = clock.now + (offset_s if believed else 0)
    assert counter.ask().expires_at == started + 300


@pytest.mark.parametrize("issued", ['"yesterday"', "5", "null", '"2027-13-40T00:00:00Z"'])
def test_a_rubbish_time_of_issue_is_now(
    counter: Counter, registry: FakeRegistry, clock: Clock, issued: str
) -> None:
    registry.behaviour.token_body = f'{{"token": "t", "issued_at": {issued}}}'.encode()

    assert counter.ask().expires_at == clock.now + 60


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"token": ""}', b'{"token": 5}', b'{"token": "a\\r\\nX: y"}',
     b'{"token": "a b"}', b"[" * 60_000, b'{"token": "' + b"t" * 20_000 + b'"}', b"\xff\xfe"],
    ids=range(11),
)  # fmt: skip
def test_an_answer_that_holds_no_usable_token_is_refused(
    counter: Counter, registry: FakeRegistry, body: bytes
) -> None:
    registry.behaviour.token_body = body

    with pytest.raises(NotARegistry, match="token service"):
        counter.ask()


def test_a_wrong_password_is_named_as_such(counter: Counter, registry: FakeRegistry) -> None:
    with pytest.raises(CredentialsRefused, match="refuses the user name or password") as refused:
        counter.ask(Credentials("robot", "hunter2"))

    assert registry.address in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_realm_that_must_not_have_the_password_is_not_asked(
    counter: Counter, registry: FakeRegistry
) -> None:
    with pytest.raises(AuthError, match=r"allow that host"):
        counter.ask(ROBOT, realm=registry.realm.replace("127.0.0.1", "127.0.0.2"))

    assert registry.seen == []


def test_a_busy_token_service_is_not_asked_again(counter: Counter, registry: FakeRegistry) -> None:
    registry.behaviour.token_status = 429
    registry.behaviour.headers = {"Retry-After": "7"}

    with pytest.raises(RateLimited) as refused:
        counter.ask()

    assert refused.value.retry_after_s == 7
    assert len(registry.seen) == 1
