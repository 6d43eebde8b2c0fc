"""What the client makes of a registry that refuses."""

import pytest

from tests.registry.conftest import ROBOT, Bench
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    NotFound,
    RateLimited,
    RegistryError,
    RegistryFailure,
)
from updates.registry.logins.credentials import Credentials


def test_basic_without_credentials_asks_for_some(bench: Bench) -> None:
    bench.registry.behaviour.auth = "basic"

    with pytest.raises(AuthError, match="wants a user name and password: save them"):
        bench.client().resolve(bench.reference())


@pytest.mark.parametrize(
    ("challenge", "sentence"),
    [
        ("Negotiate", "a login of a kind"),
        ('Digest realm="x"', "a login of a kind"),
        ("Bearer", "no usable address"),
        ('"', "without saying how"),
        (" ", "without saying how"),
    ],
)
def test_an_unknown_way_in_is_named(bench: Bench, challenge: str, sentence: str) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.challenge = challenge

    with pytest.raises((AuthError, NotARegistry), match=sentence):
        bench.client(credentials=ROBOT).resolve(bench.reference())


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


def test_a_lasting_failure_is_reported(bench: Bench) -> None:
    bench.registry.behaviour.status = 500

    with pytest.raises(RegistryFailure, match=r"out of order \(500\)"):
        bench.client().resolve(bench.reference())

    assert len(bench.registry.seen) == 3


def test_an_html_page_is_no_manifest(bench: Bench) -> None:
    bench.registry.behaviour.garbage = b"<html>Welcome to the hotel's network</html>"

    with pytest.raises(NotARegistry, match="not an image manifest"):
        bench.client().resolve(bench.reference())


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_check_finds_a_wrong_password(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth

    with pytest.raises(CredentialsRefused):
        bench.client(credentials=Credentials("robot", "hunter2")).check()


def test_no_error_and_no_representation_holds_a_secret(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.behaviour.status = 403
    client = bench.client(credentials=ROBOT)

    with pytest.raises(RegistryError) as refused:
        client.resolve(bench.reference())

    shown = f"{refused.value!r} {client!r} {client._config!r} {client._handshake._parts()!r}"
    assert "s3cret" not in shown
    assert "t0ken" not in shown


def test_another_digest_than_was_asked_for_is_refused(bench: Bench) -> None:
    bench.registry.put("team/app")
    wanted = f"sha256:{'0' * 64}"
    bench.registry.manifests["team/app", wanted] = b'{"schemaVersion": 2}'

    with pytest.raises(NotARegistry, match="another digest than was asked for"):
        bench.client().resolve(bench.reference(f"team/app@{wanted}"))
