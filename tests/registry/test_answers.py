"""Status codes, in sentences that name the registry and say what to do."""

import pytest
from requests.structures import CaseInsensitiveDict

from updates.registry.answers import refuse, refuse_token
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
from updates.registry.messages import Answer


def answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = "https://ghcr.io/token?scope=secret-repository"
    return Answer(status, url, CaseInsensitiveDict(named), (), b"")


@pytest.mark.parametrize(
    ("status", "has_credentials", "error", "sentence"),
    [
        (401, True, AuthError, "ghcr.io refuses access to a/b:1: .* saved user may not read it"),
        (401, False, AuthError, "ghcr.io refuses access to a/b:1: .* needs credentials"),
        (403, True, AuthError, "ghcr.io forbids access to a/b:1"),
        (404, True, NotFound, "ghcr.io has no a/b:1"),
        (410, True, NotFound, "ghcr.io has no a/b:1"),
        (429, True, RateLimited, "ghcr.io allows no more requests: wait"),
        (500, True, RegistryFailure, r"ghcr.io is out of order \(500\)"),
        (504, True, RegistryFailure, r"ghcr.io is out of order \(504\)"),
        (204, True, NotARegistry, "ghcr.io does not answer as a registry does"),
        (418, True, NotARegistry, r"status 418"),
    ],
)
def test_a_manifest_status_is_a_sentence(
    status: int, has_credentials: bool, error: type[RegistryError], sentence: str
) -> None:
    with pytest.raises(RegistryError, match=sentence) as refused:
        refuse(
            answer(status), domain="ghcr.io", what="a/b:1", has_credentials=has_credentials, now=0
        )

    assert type(refused.value) is error


@pytest.mark.parametrize(
    ("status", "has_credentials", "error", "sentence"),
    [
        (401, True, CredentialsRefused, "refuses the user name or password saved for it"),
        (401, False, AuthError, "nobody access without credentials"),
        (403, True, AuthError, "does not let the saved user read"),
        (403, False, AuthError, "nobody access without credentials"),
        (400, True, AuthError, "does not accept the request"),
        (404, True, NotARegistry, "names as its token service, is none"),
        (429, False, RateLimited, "allows no more requests"),
        (503, True, RegistryFailure, "out of order"),
        (302, True, NotARegistry, "does not answer as a registry does"),
    ],
)
def test_a_token_status_is_a_sentence(
    status: int, has_credentials: bool, error: type[RegistryError], sentence: str
) -> None:
    credentials = Credentials("me", "s3cret") if has_credentials else None

    with pytest.raises(RegistryError, match=sentence) as refused:
        refuse_token(answer(status), domain="ghcr.io", credentials=credentials, now=0)

    assert type(refused.value) is error
    assert "secret-repository" not in str(refused.value)


def test_a_rate_limit_says_how_long() -> None:
    with pytest.raises(RateLimited, match="for 90 seconds") as refused:
        refuse(answer(429, Retry_After="90"), domain="x", what="y", has_credentials=False, now=0)

    assert refused.value.retry_after_s == 90
    assert refused.value.retryable
