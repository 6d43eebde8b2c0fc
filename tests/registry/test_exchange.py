"""Credentials for a token: what is asked, and what is made of the answer."""

import socket
from collections.abc import Iterator

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Clock
from tests.registry.hostile import OK, serving
from updates.registry.addresses import PeerGuard
from updates.registry.config import RegistryConfig
from updates.registry.errors import AuthError, CredentialsRefused, RateLimited
from updates.registry.exchange import exchange
from updates.registry.logins.credentials import Credentials
from updates.registry.realm import Bearer
from updates.registry.tls.trust import TrustMode, ssl_context
from updates.registry.tokens import Token
from updates.registry.transport import Transport

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
        self,
        credentials: Credentials | None = None,
        *,
        scope: str = SCOPE,
        realm: str = "",
        service: str = "fake",
    ) -> Token:
        config = RegistryConfig(self._registry.address, credentials, plain_http=True)
        bearer = Bearer(realm or self._registry.realm, service)
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


def test_a_service_without_a_name_is_not_sent_one(counter: Counter, registry: FakeRegistry) -> None:
    counter.ask(service="")

    assert registry.seen[0].query == {"scope": [SCOPE]}


def test_nothing_is_sent_as_an_empty_parameter(counter: Counter) -> None:
    heard: list[bytes] = []

    def reply(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        body = b'{"token": "t"}'
        connection.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    with serving(reply, reads_request=False) as address:
        counter.ask(realm=f"http://{address}/token", service="", scope="")
        counter.ask(realm=f"http://{address}/token?a=", service="x")

    assert [request.split(b" ", 2)[1] for request in heard] == [
        b"/token",
        b"/token?a=&service=x&scope=repository%3Ateam%2Fapp%3Apull",
    ]


def test_no_scope_is_no_parameter(counter: Counter, registry: FakeRegistry) -> None:
    counter.ask(scope="")

    assert registry.seen[0].query == {"service": ["fake"]}


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
