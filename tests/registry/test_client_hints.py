"""What an earlier client learned lets the next one ask right at once; a wrong hint costs little."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.registry.conftest import ROBOT, Bench
from updates.registry.client import RegistryClient
from updates.registry.errors import CredentialsRefused, NotARegistry, NotFound, RegistryFailure
from updates.registry.logins.credentials import Credentials

NAMES = [f"team/app{number}" for number in range(40)]
THREADS = 8
HINTS: dict[str, dict[str, Any]] = {
    "none": {"hint_open": True},
    "basic": {"hint_basic": True},
    "bearer": {"hint_realm": "/token", "hint_service": "fake"},
}


def hints_of(bench: Bench, auth: str) -> dict[str, Any]:
    realm = {"hint_realm": bench.registry.realm} if auth == "bearer" else {}
    return HINTS[auth] | realm


def learned(client: RegistryClient) -> tuple[bool, bool, bool]:
    """Which of the three hints a client gives: bearer, basic, open."""
    return (client.bearer is not None, client.is_basic, client.is_open)


def resolve_all(bench: Bench, client: RegistryClient) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(client.resolve, [bench.reference(name) for name in NAMES]))


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ("none", (False, False, True)),
        ("basic", (False, True, False)),
        ("bearer", (True, False, False)),
    ],
)
def test_a_client_tells_what_it_learned(
    bench: Bench, auth: str, expected: tuple[bool, bool, bool]
) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = auth
    client = bench.client(credentials=ROBOT)
    assert learned(client) == (False, False, False)

    client.resolve(bench.reference())

    assert learned(client) == expected


@pytest.mark.parametrize("auth", list(HINTS))
def test_a_client_that_got_no_answer_keeps_its_hints(bench: Bench, auth: str) -> None:
    hinted = bench.client(credentials=ROBOT, **hints_of(bench, auth))
    before = learned(hinted)
    bench.registry.behaviour.status = 404
    bench.registry.behaviour.auth = auth

    with pytest.raises(NotFound):
        hinted.resolve(bench.reference())

    assert learned(hinted) == before
    assert any(before)


def test_a_wrong_password_is_no_hint(bench: Bench) -> None:
    bench.registry.behaviour.auth = "basic"
    client = bench.client(credentials=Credentials("robot", "hunter2"))

    with pytest.raises(CredentialsRefused):
        client.resolve(bench.reference())

    assert learned(client) == (False, False, False)


def test_a_registry_that_asks_who_is_there_is_not_open_whatever_it_said_before(
    bench: Bench,
) -> None:
    bench.registry.put("team/app")
    client = bench.client(credentials=ROBOT)
    client.resolve(bench.reference())
    assert client.is_open
    bench.registry.behaviour.auth = "basic"

    client.resolve(bench.reference())

    assert not client.is_open


def test_a_missing_image_does_not_make_a_registry_open(bench: Bench) -> None:
    client = bench.client()

    with pytest.raises(NotFound):
        client.resolve(bench.reference())

    assert not client.is_open


@pytest.mark.parametrize("auth", ["none", "bearer"])
def test_with_a_hint_the_first_does_not_go_alone(bench: Bench, auth: str) -> None:
    """All requests of the first round are under way before the first answer."""
    for name in NAMES:
        bench.registry.put(name)
    bench.registry.behaviour.auth = auth
    bench.client(credentials=ROBOT).resolve(bench.reference(NAMES[0]))
    client = bench.client(credentials=ROBOT, **hints_of(bench, auth))
    if auth == "bearer":  # Its tokens are there already.
        resolve_all(bench, client)
        client = bench.client(credentials=ROBOT, **hints_of(bench, auth))
    bench.registry.forget()
    bench.registry.behaviour.together = threading.Barrier(THREADS)

    resolve_all(bench, client)

    assert bench.registry.counts() == {"manifest": len(NAMES)}


@pytest.mark.parametrize("hinted", list(HINTS))
@pytest.mark.parametrize("auth", list(HINTS))
def test_a_wrong_hint_costs_no_more_than_what_was_under_way(
    bench: Bench, hinted: str, auth: str
) -> None:
    for name in NAMES:
        bench.registry.put(name)
    bench.registry.behaviour.auth = auth
    bench.registry.behaviour.delay_s = 0.01

    resolve_all(bench, bench.client(credentials=ROBOT, **hints_of(bench, hinted)))

    manifests = bench.registry.counts()["manifest"]
    assert len(NAMES) <= manifests <= len(NAMES) + (0 if hinted == auth else THREADS)


@pytest.mark.parametrize("auth", list(HINTS))
def test_a_wrong_hint_costs_one_who_asks_alone_one_request(bench: Bench, auth: str) -> None:
    for name in NAMES:
        bench.registry.put(name)
    bench.registry.behaviour.auth = auth
    dead = {"hint_realm": "http://127.0.0.1:1/token", "hint_service": "gone"}
    client = bench.client(credentials=ROBOT, **dead)

    for name in NAMES:
        client.resolve(bench.reference(name))

    to_the_dead = [request for request in bench.observed if request.host == "127.0.0.1:1"]
    assert len(to_the_dead) == 3, "one token request, tried again twice"
    assert bench.registry.counts()["manifest"] == len(NAMES) + (auth != "none")


def test_a_hint_that_the_registry_confirms_outlives_a_failing_token_service(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.token_status = 503
    client = bench.client(credentials=ROBOT, **hints_of(bench, "bearer"))

    with pytest.raises(RegistryFailure):
        client.resolve(bench.reference())

    assert client.bearer == (bench.registry.realm, "fake")


@pytest.mark.parametrize(
    "challenge",
    [
        'Bearer realm="https://x/{}"'.format("a" * 500),
        'Bearer realm="https://x/",service="{}"'.format("a" * 256),
        'Bearer realm="https://x/",scope="{}"'.format("a" * 501),
        'Bearer realm="https://x/",service="a\tb"',
        'Bearer realm="https://x/",scope="{}"'.format(",a=" * 15_000),
    ],
    ids=range(5),
)
def test_a_challenge_that_nobody_could_keep_is_refused(bench: Bench, challenge: str) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.challenge = challenge
    client = bench.client(credentials=ROBOT)

    with pytest.raises(NotARegistry, match="sends a challenge out of all bounds"):
        client.resolve(bench.reference())
    assert client.bearer is None
