"""Who this program turned out to be to a registry: what the last sign-in came to."""

from contextlib import suppress
from typing import Any

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from updates.registry.errors import RegistryError
from updates.registry.logins.credentials import Credentials
from updates.registry.sign_in import ANONYMOUS, UNTRIED, SignIn, SignInState

AS_ROBOT = SignIn(SignInState.ACCEPTED, "robot")
WRONG = Credentials("robot", "hunter2")


def sign_in_of(bench: Bench, image: str = "team/app", **settings: Any) -> SignIn:
    """What a new client says once it asked for one image, whatever became of that."""
    client = bench.client(**settings)
    assert client.sign_in == UNTRIED
    with suppress(RegistryError):
        client.resolve(bench.reference(image))
    return client.sign_in


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_credentials_that_were_taken_are_told_with_their_name(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth
    bench.registry.put("team/app")

    assert sign_in_of(bench, credentials=ROBOT) == AS_ROBOT
    assert sign_in_of(bench, "team/none", credentials=ROBOT) == AS_ROBOT, "though it is not there"


def test_a_token_that_was_kept_tells_it_too(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.put("team/app")
    hints = {"hint_realm": bench.registry.realm, "hint_service": "fake"}
    sign_in_of(bench, credentials=ROBOT, **hints)
    bench.registry.forget()

    assert sign_in_of(bench, credentials=ROBOT, **hints) == AS_ROBOT
    assert bench.registry.counts() == {"manifest": 1}


def test_an_identity_token_has_no_name(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.put("team/app")
    credentials = Credentials("<token>", identity_token=FakeRegistry.identity_token)

    assert sign_in_of(bench, credentials=credentials) == SignIn(SignInState.ACCEPTED)


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_refused_credentials_are_told_with_the_sentence(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth

    told = sign_in_of(bench, credentials=WRONG)

    assert told.state is SignInState.REFUSED
    assert told.refusal.endswith("refuses the user name or password saved for it: correct them.")
    assert "hunter2" not in repr(told)


@pytest.mark.parametrize("credentials", [None, ROBOT])
def test_a_registry_that_asks_nobody_is_asked_anonymously(
    bench: Bench, credentials: Credentials | None
) -> None:
    bench.registry.put("team/app")

    assert sign_in_of(bench, credentials=credentials) == ANONYMOUS


def test_a_token_for_nobody_is_anonymous_and_so_is_one_refused(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    bench.registry.put("team/app")
    assert sign_in_of(bench) == ANONYMOUS

    bench.registry.behaviour.token_status = 401
    bench.tokens = type(bench.tokens)(bench.clock)
    assert sign_in_of(bench) == ANONYMOUS, "this repository alone may want a login"


def test_a_registry_that_wants_a_password_where_none_is_saved_refuses(bench: Bench) -> None:
    bench.registry.behaviour.auth = "basic"

    told = sign_in_of(bench)

    assert told.state is SignInState.REFUSED
    assert told.refusal.endswith("wants a user name and password: save them.")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_who_got_no_answer_knows_nothing(bench: Bench, status: int) -> None:
    bench.registry.behaviour.status = status

    assert sign_in_of(bench, credentials=ROBOT) == UNTRIED


def test_who_is_sent_to_another_registry_is_nobody(bench: Bench) -> None:
    with FakeRegistry() as behind:
        behind.put("team/app")
        behind.behaviour.auth = "bearer"
        bench.registry.behaviour.redirect_to = behind.url

        assert sign_in_of(bench, credentials=ROBOT) == ANONYMOUS
