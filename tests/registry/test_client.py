"""The handshake as a whole, against a registry that has every switch."""

import pytest

from tests.fakes.registry import INDEX_TYPE, FakeRegistry
from tests.registry.conftest import ROBOT, Bench

WAYS_IN = ["none", "basic", "bearer"]


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


def test_a_registry_that_left_basic_behind_is_followed(bench: Bench) -> None:
    digest = bench.registry.put("team/app")
    bench.registry.behaviour.auth = "bearer"
    client = bench.client(credentials=ROBOT, hint_basic=True)

    assert client.resolve(bench.reference()).digest == digest
    assert not client.is_basic


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


@pytest.mark.parametrize("auth", WAYS_IN)
def test_check_is_content_with_a_registry_that_takes_the_credentials(
    bench: Bench, auth: str
) -> None:
    bench.registry.behaviour.auth = auth

    bench.client(credentials=ROBOT).check()


def test_a_vanity_domain_is_followed_to_the_registry_behind_it(bench: Bench) -> None:
    with FakeRegistry() as behind:
        digest = behind.put("team/app")
        behind.behaviour.auth = "bearer"
        bench.registry.behaviour.redirect_to = behind.url

        found = bench.client(credentials=ROBOT).resolve(bench.reference())

        assert found.digest == digest
        assert {seen.authorization for seen in behind.seen} == {"", "Bearer"}
        assert {seen.authorization for seen in behind.seen if seen.kind == "token"} == {""}


def test_a_redirect_after_the_login_may_lead_to_a_host_that_wants_another(bench: Bench) -> None:
    """Each gets its own token; the one that was signed in to is not signed in to elsewhere."""
    with FakeRegistry() as behind:
        bench.registry.behaviour.auth = behind.behaviour.auth = "bearer"
        bench.registry.behaviour.redirect_to = behind.url
        digest = behind.put("team/app")

        found = bench.client(credentials=ROBOT).resolve(bench.reference())

        assert found.digest == digest
        assert bench.registry.tokens_issued == behind.tokens_issued == 1
        assert [seen.authorization for seen in behind.seen if seen.kind == "token"] == [""]


def test_a_redirect_takes_no_authorization_to_another_host(bench: Bench) -> None:
    with FakeRegistry(host="127.0.0.2") as other:
        digest = other.put("team/app")
        bench.registry.behaviour.auth = "basic"
        bench.registry.behaviour.redirect_to = other.url

        assert bench.client(credentials=ROBOT).resolve(bench.reference()).digest == digest
        assert {seen.authorization for seen in other.seen} == {""}
