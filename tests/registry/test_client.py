"""The handshake as a whole, against a registry that has every switch."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes.registry import INDEX_TYPE, FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from updates.registry.client import RegistryClient
from updates.registry.credentials import Credentials
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    NotFound,
    RateLimited,
    RegistryError,
    RegistryFailure,
    Unreachable,
)
from updates.registry.reference import Reference

WAYS_IN = ["none", "basic", "bearer"]
NAMES = [f"team/app{number}" for number in range(20)]


def hints(client: RegistryClient) -> dict[str, object]:
    """What a caller keeps of a client for the next one."""
    realm, service = client.bearer or ("", "")
    return {"hint_realm": realm, "hint_service": service, "hint_basic": client.is_basic}


def resolve_all(client: RegistryClient, bench: Bench) -> list[str]:
    with ThreadPoolExecutor(16) as pool:
        found = pool.map(client.resolve, [bench.reference(name) for name in NAMES])
        return [descriptor.digest for descriptor in found]


@pytest.mark.parametrize("auth", WAYS_IN)
@pytest.mark.parametrize("omit_digest", [False, True])
def test_every_way_in_ends_at_the_digest(bench: Bench, auth: str, omit_digest: bool) -> None:
    digest = bench.registry.put("team/app", "1")
    bench.registry.behaviour.auth = auth
    bench.registry.behaviour.omit_digest = omit_digest

    descriptor = bench.client(credentials=ROBOT).resolve(bench.reference("team/app:1"))

    assert (descriptor.digest, descriptor.media_type) == (digest, INDEX_TYPE)
    assert descriptor.size == len(bench.registry.manifests["team/app", "1"])


def test_an_anonymous_token_opens_a_public_repository(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"

    assert bench.client().resolve(bench.reference()).digest == digest
    assert {seen.authorization for seen in bench.registry.seen if seen.kind == "token"} == {""}


def test_a_pinned_reference_is_asked_for_by_its_digest(bench: Bench) -> None:
    digest = bench.registry.put("team/app", "1", "old")
    bench.registry.put("team/app", "1", "new")

    found = bench.client().resolve(bench.reference(f"team/app:1@{digest}"))

    assert found.digest == digest
    assert bench.registry.seen[0].path.endswith(f"/manifests/{digest}")


def test_another_digest_than_was_asked_for_is_refused(bench: Bench) -> None:
    bench.registry.put("team/app")
    wanted = f"sha256:{'0' * 64}"
    bench.registry.manifests["team/app", wanted] = b'{"schemaVersion": 2}'

    with pytest.raises(NotARegistry, match="another digest than was asked for"):
        bench.client().resolve(bench.reference(f"team/app@{wanted}"))


def test_all_five_manifest_types_are_asked_for(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.omit_digest = True

    bench.client().resolve(bench.reference())

    assert [seen.method for seen in bench.registry.seen] == ["HEAD", "GET"]
    assert {seen.accept.count(",") for seen in bench.registry.seen} == {4}


@pytest.mark.parametrize("status", [400, 405, 406, 501])
def test_a_registry_that_takes_no_head_is_asked_by_get(bench: Bench, status: int) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.head_status = status

    assert bench.client().resolve(bench.reference()).digest == digest


def test_that_a_registry_takes_no_head_is_remembered(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.head_status = 405
    client = bench.client()

    client.resolve(bench.reference())
    client.resolve(bench.reference())

    assert [seen.method for seen in bench.registry.seen] == ["HEAD", "GET", "GET"]


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


@pytest.mark.parametrize("hinted", [False, True])
def test_a_new_token_that_is_refused_is_the_end(bench: Bench, hinted: bool) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.token_body = b'{"token": "worthless"}'
    hint = {"hint_realm": bench.registry.realm, "hint_service": "fake"} if hinted else {}

    with pytest.raises(AuthError, match=r"refuses access to .*team/app:latest"):
        bench.client(credentials=ROBOT, **hint).resolve(bench.reference())

    assert bench.registry.counts() == {"manifest": 1 if hinted else 2, "token": 1}


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


def test_a_registry_that_left_basic_behind_is_followed(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT, hint_basic=True)

    assert client.resolve(bench.reference()).digest == digest
    assert not client.is_basic


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


def test_basic_without_credentials_asks_for_some(bench: Bench) -> None:
    bench.registry.behaviour.auth = "basic"

    with pytest.raises(AuthError, match="wants a user name and password: save them"):
        bench.client().resolve(bench.reference())


@pytest.mark.parametrize("challenge", ["Negotiate", 'Digest realm="x"', "Bearer", '"', " "])
def test_an_unknown_way_in_is_named(bench: Bench, challenge: str) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.challenge = challenge

    with pytest.raises(AuthError, match="a login of a kind"):
        bench.client(credentials=ROBOT).resolve(bench.reference())


def test_a_challenge_scope_of_its_own_is_honoured(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    challenge = f'Bearer realm="{bench.registry.realm}",service="fake",scope="aws"'
    bench.registry.behaviour.challenge = challenge

    bench.client().resolve(bench.reference())

    (token,) = [seen for seen in bench.registry.seen if seen.kind == "token"]
    assert token.query["scope"] == ["aws"]


def test_no_more_than_pull_is_asked_for(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    challenge = f'Bearer realm="{bench.registry.realm}",scope="repository:team/app:pull,push"'
    bench.registry.behaviour.challenge = challenge

    bench.client().resolve(bench.reference())

    (token,) = [seen for seen in bench.registry.seen if seen.kind == "token"]
    assert token.query["scope"] == ["repository:team/app:pull"]


def test_a_missing_tag_is_named(bench: Bench) -> None:
    with pytest.raises(NotFound, match=r"has no .*team/app:9: the tag or the repository is gone"):
        bench.client().resolve(bench.reference("team/app:9"))


def test_a_rate_limit_is_obeyed_by_all_threads_until_it_ends(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.status = 429
    bench.registry.behaviour.headers = {"Retry-After": "60"}
    client = bench.client()

    for _ in range(3):
        with pytest.raises(RateLimited) as refused:
            client.resolve(bench.reference())
        assert refused.value.retry_after_s == 60
    assert len(bench.registry.seen) == 1

    bench.clock.now += 61
    bench.registry.behaviour.status = 0
    client.resolve(bench.reference())


def test_a_rate_limit_without_a_time_concerns_its_image_only(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.status = 429
    client = bench.client()
    with pytest.raises(RateLimited) as refused:
        client.resolve(bench.reference())
    bench.registry.behaviour.status = 0

    client.resolve(bench.reference())

    assert refused.value.retry_after_s is None
    assert bench.clock.sleeps == []


def test_the_budget_is_known_after_an_answer(bench: Bench) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.headers = {
        "ratelimit-limit": "100;w=21600",
        "ratelimit-remaining": "98;w=21600",
    }
    client = bench.client()

    client.resolve(bench.reference())

    assert client.budget is not None
    assert (client.budget.limit, client.budget.remaining) == (100, 98)


def test_a_passing_failure_is_tried_again_twice(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.failures_left = 2

    assert bench.client().resolve(bench.reference()).digest == digest
    assert [0.05 <= pause <= 0.6 for pause in bench.clock.sleeps] == [True, True]


def test_a_lasting_failure_is_reported(bench: Bench) -> None:
    bench.registry.behaviour.status = 500

    with pytest.raises(RegistryFailure, match=r"out of order \(500\)"):
        bench.client().resolve(bench.reference())

    assert len(bench.registry.seen) == 3


def test_a_dead_registry_is_asked_for_one_image_and_not_for_each(bench: Bench) -> None:
    with FakeRegistry() as gone:
        address = gone.address
    client = bench.client(domain=address)

    for name in NAMES:
        with pytest.raises(Unreachable, match="refuses connections"):
            client.resolve(Reference.parse(f"{address}/{name}"))

    assert len(bench.observed) == 3
    assert {request.status for request in bench.observed} == {None}


def test_an_html_page_is_no_manifest(bench: Bench) -> None:
    bench.registry.behaviour.garbage = b"<html>Welcome to the hotel's network</html>"

    with pytest.raises(NotARegistry, match="not an image manifest"):
        bench.client().resolve(bench.reference())


@pytest.mark.parametrize("auth", WAYS_IN)
def test_check_is_content_with_a_registry_that_takes_the_credentials(
    bench: Bench, auth: str
) -> None:
    bench.registry.behaviour.auth = auth

    bench.client(credentials=ROBOT).check()


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_check_finds_a_wrong_password(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth

    with pytest.raises(CredentialsRefused):
        bench.client(credentials=Credentials("robot", "hunter2")).check()


def test_a_vanity_domain_is_followed_to_the_registry_behind_it(bench: Bench) -> None:
    with FakeRegistry() as behind:
        digest = behind.put("team/app")
        behind.behaviour.auth = "bearer"
        bench.registry.behaviour.redirect_to = behind.url

        found = bench.client(credentials=ROBOT).resolve(bench.reference())

        assert found.digest == digest
        assert {seen.authorization for seen in behind.seen} == {"", "Bearer"}
        assert {seen.authorization for seen in behind.seen if seen.kind == "token"} == {""}


def test_a_redirect_takes_no_authorization_to_another_host(bench: Bench) -> None:
    with FakeRegistry(host="127.0.0.2") as other:
        digest = other.put("team/app")
        bench.registry.behaviour.auth = "basic"
        bench.registry.behaviour.redirect_to = other.url

        assert bench.client(credentials=ROBOT).resolve(bench.reference()).digest == digest
        assert {seen.authorization for seen in other.seen} == {""}


def test_no_error_and_no_representation_holds_a_secret(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.status = 403
    client = bench.client(credentials=ROBOT)

    with pytest.raises(RegistryError) as refused:
        client.resolve(bench.reference())

    shown = f"{refused.value!r} {client!r} {client._config!r} {client._parts()!r}"
    assert "s3cret" not in shown
    assert "t0ken" not in shown
