"""A connection test that is led elsewhere judges as a check does, and gives nothing away."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from tests.registry.hostile import sending, serving
from updates.registry.config import RegistryConfig
from updates.registry.errors import RegistryError
from updates.registry.probing.findings import Finding, Outcome, ProbeStep
from updates.registry.probing.probe import probe
from updates.registry.reference import Reference
from updates.registry.transport import Limits

SHORT = Limits(connect_s=1.0, read_s=1.0, whole_s=2.0)
LONG_CHALLENGES = [
    'Bearer realm="{{}}/{}",service="x"'.format("a" * 500),
    'Bearer realm="{{}}/token",service="{}"'.format("b" * 256),
]


def findings_of(domain: str, image: str = "", **settings: Any) -> dict[str, Finding]:
    reference = Reference.parse(f"{domain}/{image}") if image else None
    config = RegistryConfig(domain, **({"plain_http": True} | settings))
    return {found.step: found for found in probe(config, reference, limits=SHORT)}


@pytest.fixture
def stranger() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


def test_a_registrys_token_is_not_sent_to_where_it_redirects(
    registry: FakeRegistry, stranger: FakeRegistry
) -> None:
    registry.behaviour.auth = stranger.behaviour.auth = "bearer"
    registry.behaviour.redirect_to = stranger.url
    stranger.put("team/app")

    found = findings_of(registry.address, "team/app", credentials=ROBOT)

    assert found[ProbeStep.TOKEN].outcome is Outcome.OK
    assert found[ProbeStep.MANIFEST].outcome is Outcome.OK
    (manifest,) = [seen for seen in stranger.seen if seen.authorization]
    assert manifest.kind == "manifest"
    assert stranger.tokens_issued == 1, "the stranger's own, asked for by nobody in particular"
    assert not any(seen.authorization == "Basic" for seen in stranger.seen)


def redirecting(stranger: FakeRegistry) -> bytes:
    location = f"Location: {stranger.url}/v2/\r\nContent-Length: 0\r\n\r\n"
    return f"HTTP/1.1 307 X\r\n{location}".encode()


def test_a_vanity_domains_token_service_is_asked_as_nobody(stranger: FakeRegistry) -> None:
    """The credentials are for the domain: where it leads, nobody is signed in."""
    stranger.behaviour.auth = "bearer"
    with serving(sending(redirecting(stranger))) as address:
        found = findings_of(address, credentials=ROBOT)

    assert found[ProbeStep.CHALLENGE].outcome is Outcome.OK
    assert found[ProbeStep.TOKEN].sentence == "Got a token anonymously."
    assert not any(seen.authorization for seen in stranger.seen)


def test_a_vanity_domains_basic_login_gets_no_password(stranger: FakeRegistry) -> None:
    stranger.behaviour.auth = "basic"
    with serving(sending(redirecting(stranger))) as address:
        found = findings_of(address, credentials=ROBOT)

    assert found[ProbeStep.CHALLENGE].outcome is Outcome.FAILED
    assert found[ProbeStep.CHALLENGE].sentence == (
        f"{stranger.address} wants a user name and password: save them."
    )
    assert not any(seen.authorization for seen in stranger.seen)


@pytest.mark.parametrize("challenge", LONG_CHALLENGES, ids=["realm", "service"])
def test_a_challenge_out_of_bounds_fails_as_it_does_in_a_check(
    bench: Bench, registry: FakeRegistry, challenge: str
) -> None:
    registry.put("team/app")
    registry.behaviour.auth = "bearer"
    registry.behaviour.challenge = challenge.format(registry.url)
    with pytest.raises(RegistryError) as refused:
        bench.client().resolve(bench.reference())

    found = findings_of(registry.address, "team/app")

    assert [one.sentence for one in found.values() if one.outcome is Outcome.FAILED] == [
        str(refused.value)
    ]
    assert max(len(value) for one in found.values() for _, value in one.details) <= 200


def test_what_a_registry_says_of_itself_is_shown_in_one_line_without_a_query(
    registry: FakeRegistry,
) -> None:
    registry.behaviour.auth = "bearer"
    registry.behaviour.challenge = (
        f'Bearer realm="{registry.url}/token?key=s3cret",service="a\x07b\x85c"'
    )

    found = findings_of(registry.address)

    details = dict(found[ProbeStep.CHALLENGE].details)
    assert details["Realm"] == f"{registry.url}/token"
    assert details["Service"].isprintable()
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("plain_http", [True, False])
def test_a_port_that_is_none_is_a_sentence(plain_http: bool) -> None:
    found = findings_of("127.0.0.1:99999", plain_http=plain_http)

    assert [one.outcome for one in found.values()] == [Outcome.FAILED, *[Outcome.SKIPPED] * 5]
    assert found[ProbeStep.DNS].sentence == (
        "127.0.0.1:99999 is, or leads to, an address that is none."
    )
