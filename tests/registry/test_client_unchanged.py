"""Conditional requests: a registry that knows its ETag need not repeat itself."""

from dataclasses import replace

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from updates.registry.client import RegistryClient
from updates.registry.errors import NotARegistry
from updates.registry.manifest import Descriptor


@pytest.fixture
def client(bench: Bench) -> RegistryClient:
    bench.registry.behaviour.has_etags = True
    return bench.client(credentials=ROBOT)


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
@pytest.mark.parametrize("head_status", [0, 405])
def test_what_has_not_changed_is_what_is_known(
    bench: Bench, client: RegistryClient, auth: str, head_status: int
) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.auth = auth
    bench.registry.behaviour.head_status = head_status
    known = client.resolve(bench.reference())
    bench.registry.forget()

    assert client.resolve(bench.reference(), known) is known
    assert [seen.if_none_match for seen in bench.registry.seen] == [known.etag]
    assert [request.status for request in bench.observed][-1] == 304


def test_what_has_changed_is_told_with_its_new_etag(bench: Bench, client: RegistryClient) -> None:
    bench.registry.put("team/app", content="1")
    known = client.resolve(bench.reference())
    digest = bench.registry.put("team/app", content="2")

    found = client.resolve(bench.reference(), known)

    assert (found.digest, found.etag) == (digest, f'"{digest}"')


def test_nothing_is_asked_on_condition_without_an_etag(bench: Bench) -> None:
    bench.registry.put("team/app")
    client = bench.client()
    known = client.resolve(bench.reference())

    assert client.resolve(bench.reference(), known) == known
    assert {seen.if_none_match for seen in bench.registry.seen} == {""}


@pytest.mark.parametrize("etag", ["*", '"a\r\nX-Evil: 1"', '"' + "x" * 5000 + '"'])
def test_an_etag_that_cannot_be_sent_is_not(
    bench: Bench, client: RegistryClient, etag: str
) -> None:
    digest = bench.registry.put("team/app")

    found = client.resolve(bench.reference(), Descriptor("x", "sha256:0", 0, etag))

    assert found.digest == digest
    assert {seen.if_none_match for seen in bench.registry.seen} == {""}


def test_an_etag_goes_to_no_other_host(bench: Bench, client: RegistryClient) -> None:
    bench.registry.put("team/app")
    known = client.resolve(bench.reference())
    with FakeRegistry(host="127.0.0.2") as other:
        digest = other.put("team/app", content="2")
        bench.registry.behaviour.redirect_to = other.url

        assert client.resolve(bench.reference(), known).digest == digest
        assert {seen.if_none_match for seen in other.seen} == {""}


def test_unchanged_is_no_answer_to_who_knew_nothing(bench: Bench) -> None:
    bench.registry.behaviour.status = 304

    with pytest.raises(NotARegistry, match="what nobody has is unchanged"):
        bench.client().resolve(bench.reference())


def test_what_is_known_must_be_what_was_asked_for(bench: Bench, client: RegistryClient) -> None:
    digest = bench.registry.put("team/app")
    pinned = bench.reference(f"team/app@{digest}")
    known = replace(client.resolve(pinned), digest=f"sha256:{'0' * 64}")

    with pytest.raises(NotARegistry, match="another digest than was asked for"):
        client.resolve(pinned, known)
