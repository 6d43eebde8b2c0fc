"""How few requests the client makes, and how few when all goes wrong."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from updates.registry.client import RegistryClient
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotFound,
    Unreachable,
)
from updates.registry.logins.credentials import Credentials
from updates.registry.reference import Reference

NAMES = [f"team/app{number}" for number in range(20)]


def hints(client: RegistryClient) -> dict[str, object]:
    """What a caller keeps of a client for the next one."""
    realm, service = client.bearer or ("", "")
    return {"hint_realm": realm, "hint_service": service, "hint_basic": client.is_basic}


def resolve_all(client: RegistryClient, bench: Bench) -> list[str]:
    with ThreadPoolExecutor(16) as pool:
        found = pool.map(client.resolve, [bench.reference(name) for name in NAMES])
        return [descriptor.digest for descriptor in found]


@pytest.mark.parametrize(
    ("auth", "first", "later"),
    [
        ("none", {"manifest": 20}, {"manifest": 20}),
        ("basic", {"manifest": 21}, {"manifest": 20}),
        ("bearer", {"manifest": 21, "token": 20}, {"manifest": 20}),
    ],
)
def test_twenty_references_cost_twenty_heads(
    bench: Bench, auth: str, first: dict[str, int], later: dict[str, int]
) -> None:
    digests = [bench.registry.put(name, content=name) for name in NAMES]
    bench.registry.behaviour.auth = auth
    client = bench.client(credentials=ROBOT)

    assert resolve_all(client, bench) == digests
    assert bench.registry.counts() == first

    bench.registry.forget()
    assert resolve_all(bench.client(credentials=ROBOT, **hints(client)), bench) == digests
    assert bench.registry.counts() == later
    assert bench.registry.connections <= 32


def test_however_many_threads_ask_there_are_at_most_32_connections(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.delay_s = 0.02
    client = bench.client(hint_open=True)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(client.resolve, [bench.reference()] * 128))

    assert 16 < bench.registry.connections <= 32


def test_a_client_keeps_its_connections(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT)

    client.resolve(bench.reference())
    client.resolve(bench.reference())
    with pytest.raises(NotFound):
        client.resolve(bench.reference("team/gone"))

    assert bench.registry.connections == 1


def test_every_request_is_observed(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"

    bench.client(credentials=ROBOT).resolve(bench.reference())

    seen = [(r.method, r.host, r.kind, r.status) for r in bench.observed]
    host = bench.registry.address
    assert seen == [
        ("HEAD", host, "manifest", 401),
        ("GET", host, "token", 200),
        ("HEAD", host, "manifest", 200),
    ]
    assert all(0 < request.seconds < 5 for request in bench.observed)


def test_a_revoked_token_is_thrown_away_and_fetched_once_more(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT)
    client.resolve(bench.reference())
    bench.registry.revoke_tokens()
    bench.registry.forget()

    assert client.resolve(bench.reference()).digest == digest
    assert bench.registry.counts() == {"manifest": 2, "token": 1}


def test_an_expired_token_is_replaced_before_it_is_sent(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT)
    client.resolve(bench.reference())
    bench.registry.forget()
    bench.clock.now += 295

    client.resolve(bench.reference())

    assert bench.registry.counts() == {"manifest": 1, "token": 1}


@pytest.mark.parametrize("realm", ["/elsewhere/manifests/", "http://127.0.0.1:1/token"])
def test_a_wrong_hint_costs_no_more_than_the_way_without(bench: Bench, realm: str) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT, hint_realm=realm, hint_service="old")

    assert client.resolve(bench.reference()).digest == digest
    assert bench.registry.counts() == {"manifest": 2, "token": 1}
    assert client.bearer == (bench.registry.realm, "fake")


def test_a_hint_that_still_fails_is_not_tried_twice(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.token_status = 403
    client = bench.client(hint_realm=bench.registry.realm, hint_service="fake")

    with pytest.raises(AuthError, match="nobody access without credentials"):
        client.resolve(bench.reference())

    assert bench.registry.counts() == {"manifest": 1, "token": 1}


@pytest.mark.parametrize("hinted", [False, True])
def test_a_new_token_that_is_refused_is_the_end(bench: Bench, hinted: bool) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.token_body = b'{"token": "worthless"}'
    hint = {"hint_realm": bench.registry.realm, "hint_service": "fake"} if hinted else {}

    with pytest.raises(AuthError, match=r"refuses access to .*team/app:latest"):
        bench.client(credentials=ROBOT, **hint).resolve(bench.reference())

    assert bench.registry.counts() == {"manifest": 1 if hinted else 2, "token": 1}


def test_that_a_registry_takes_no_head_is_remembered(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.head_status = 405
    client = bench.client()

    client.resolve(bench.reference())
    client.resolve(bench.reference())

    assert [seen.method for seen in bench.registry.seen] == ["HEAD", "GET", "GET"]


def test_a_dead_registry_is_asked_for_one_image_and_not_for_each(bench: Bench) -> None:
    with FakeRegistry() as gone:
        address = gone.address
    client = bench.client(domain=address)

    for name in NAMES:
        with pytest.raises(Unreachable, match="refuses connections"):
            client.resolve(Reference.parse(f"{address}/{name}"))

    assert len(bench.observed) == 3
    assert {request.status for request in bench.observed} == {None}


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_wrong_password_is_tried_once_however_many_ask(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth
    client = bench.client(credentials=Credentials("robot", "hunter2"))

    def attempt(name: str) -> str:
        with pytest.raises(CredentialsRefused) as refused:
            client.resolve(bench.reference(name))
        return str(refused.value)

    with ThreadPoolExecutor(16) as pool:
        sentences = set(pool.map(attempt, NAMES))

    sent = [seen for seen in bench.registry.seen if seen.authorization == "Basic"]
    assert len(sent) == 1
    assert len(sentences) == 1
    assert "hunter2" not in sentences.pop()


def test_a_hinted_token_service_sees_a_wrong_password_once(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(
        credentials=Credentials("robot", "hunter2"),
        hint_realm=bench.registry.realm,
        hint_service="fake",
    )

    def attempt(name: str) -> None:
        with pytest.raises(CredentialsRefused):
            client.resolve(bench.reference(name))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(attempt, NAMES))

    assert bench.registry.counts() == {"token": 1}


def test_a_passing_failure_is_tried_again_twice(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.failures_left = 2

    assert bench.client().resolve(bench.reference()).digest == digest
    assert [0.05 <= pause <= 0.6 for pause in bench.clock.sleeps] == [True, True]


def test_a_client_that_was_never_asked_keeps_its_hints(bench: Bench) -> None:
    unused = bench.client(hint_realm="https://auth.lab/token", hint_service="lab")

    assert unused.bearer == ("https://auth.lab/token", "lab")
    assert bench.client(hint_basic=True).is_basic
    assert bench.client().bearer is None
