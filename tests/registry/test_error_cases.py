"""Every way in which a registry's answers can fail a check: which error, in which words.

The real client against a registry on loopback. `{0}` in a sentence is its address.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT
from tests.registry.desk import Desk, judged
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    InvalidReference,
    NotARegistry,
    NotFound,
    RateLimited,
    RegistryError,
    RegistryFailure,
)
from updates.registry.logins.credentials import Credentials
from updates.registry.reference import Reference

WRONG = Credentials("robot", "s3cret-wrong")
IDENTITY = Credentials("<token>", identity_token="s3cret-identity")


@pytest.fixture
def desk(caplog: pytest.LogCaptureFixture) -> Desk:
    return Desk(caplog)


@dataclass(frozen=True, slots=True)
class Row:
    """What the fake registry is told to do, and what the client must say."""

    error: type[RegistryError]
    sentence: str
    behaviour: dict[str, Any] = field(default_factory=dict)
    credentials: Credentials | None = None


NO_WORD = "{0} refuses access (401) without saying how to log in."
NO_LOGIN = "{0} wants a login of a kind that this program does not know."
NO_REALM = "{0} names a token service that has no usable address."
WRONG_IDENTITY = "{0} refuses the identity token saved for it: log in again, and save the new one."
NOBODY = "{0} gives nobody access without credentials: save some for it."
WRONG_PASSWORD = "{0} refuses the user name or password saved for it: correct them."
NO_SERVICE = "{0}, which {0} names as its token service, is none."
NO_USABLE = "The token service {0} sends no usable token."
NO_TOKEN = "The token service {0} sends something that is no token."
NO_ACCESS = (
    "{0} refuses access to {0}/team/app:1: it may not exist there, or the saved user may not"
    " read it."
)
NO_ACCESS_FOR_NOBODY = (
    "{0} refuses access to {0}/team/app:1: it may not exist there, or it needs credentials, and"
    " none are saved."
)
FORBIDDEN = "{0} forbids access to {0}/team/app:1: ask whoever runs that registry."
GONE = "{0} has no {0}/team/app:1: the tag or the repository is gone or misspelt."
BUSY = "{0} allows no more requests{1}: wait, or save credentials with a higher limit."
STRANGE = "{0} does not answer as a registry does (status {1})."
BROKEN = "{0} is out of order ({1}): try again later."
NO_MANIFEST = "{0} answers with something that is not an image manifest."
OTHER_BYTES = "{0} sends a manifest that does not match the digest it names."


def challenged(text: str) -> dict[str, Any]:
    return {"auth": "bearer", "challenge": text}


def token_service(status: int, **more: Any) -> dict[str, Any]:
    return {"auth": "bearer", "token_status": status} | more


def token_body(body: bytes) -> dict[str, Any]:
    return {"auth": "bearer", "token_body": body}


def status_of(status: int) -> str:
    return STRANGE.replace("{1}", str(status))


ROWS = {
    # The challenge.
    "401 without a challenge": Row(AuthError, NO_WORD, challenged(" ")),
    "401 with rubbish": Row(AuthError, NO_WORD, challenged('"",,=;')),
    "Negotiate": Row(AuthError, NO_LOGIN, challenged("Negotiate"), ROBOT),
    "NTLM": Row(AuthError, NO_LOGIN, challenged("NTLM TlRMTVNTUAAB=="), ROBOT),
    "Digest": Row(AuthError, NO_LOGIN, challenged('Digest realm="x", nonce="y"'), ROBOT),
    "Bearer without a realm": Row(NotARegistry, NO_REALM, challenged('Bearer service="x"'), ROBOT),
    "Bearer with an empty realm": Row(NotARegistry, NO_REALM, challenged('Bearer realm=""'), ROBOT),
    "64 KB of rubbish": Row(AuthError, NO_WORD, challenged('x="' * 21_000)),
    "Basic, nothing saved": Row(
        AuthError, "{0} wants a user name and password: save them.", {"auth": "basic"}
    ),
    "Basic, wrong password": Row(CredentialsRefused, WRONG_PASSWORD, {"auth": "basic"}, WRONG),
    # The realm.
    "a relative realm": Row(NotARegistry, NO_REALM, challenged('Bearer realm="/token"'), ROBOT),
    "a realm without a host": Row(
        NotARegistry, NO_REALM, challenged('Bearer realm="https:///token"'), ROBOT
    ),
    "a realm of another scheme": Row(
        NotARegistry, NO_REALM, challenged('Bearer realm="file:///etc/passwd"')
    ),
    "a realm with a password": Row(
        NotARegistry, NO_REALM, challenged('Bearer realm="https://a:s3cret@lab/token"')
    ),
    "credentials to another host": Row(
        AuthError,
        "{0} wants its credentials sent to evil.example: allow that host for this registry if it"
        " is right.",
        challenged('Bearer realm="https://evil.example/token?service=x",service="y"'),
        ROBOT,
    ),
    "credentials to a metadata service": Row(
        AuthError,
        "{0} wants its credentials sent to 169.254.169.254: allow that host for this registry if"
        " it is right.",
        challenged('Bearer realm="http://169.254.169.254/latest/meta-data/"'),
        ROBOT,
    ),
    # The token.
    "token 400": Row(
        AuthError,
        "The token service of {0} does not accept the request (400).",
        token_service(400),
    ),
    "token 400, old identity token": Row(
        CredentialsRefused, WRONG_IDENTITY, token_service(400), IDENTITY
    ),
    "token 401": Row(AuthError, NOBODY, token_service(401)),
    "token 401, wrong password": Row(CredentialsRefused, WRONG_PASSWORD, {"auth": "bearer"}, WRONG),
    "token 401, old identity token": Row(
        CredentialsRefused, WRONG_IDENTITY, {"auth": "bearer"}, IDENTITY
    ),
    "token 403": Row(AuthError, NOBODY, token_service(403)),
    "token 403, for a user": Row(
        AuthError,
        "{0} does not let the saved user read this repository.",
        token_service(403),
        ROBOT,
    ),
    "token 404": Row(NotARegistry, NO_SERVICE, token_service(404)),
    "token 405": Row(NotARegistry, NO_SERVICE, token_service(405), ROBOT),
    "token 429": Row(
        RateLimited,
        BUSY.replace("{1}", " for 90 seconds"),
        token_service(429, headers={"Retry-After": "90"}),
    ),
    "token 503": Row(
        RegistryFailure,
        f"The token service of {BROKEN}".replace("{1}", "503"),
        token_service(503),
        ROBOT,
    ),
    "token 204": Row(NotARegistry, status_of(204), token_service(204)),
    "token not JSON": Row(NotARegistry, NO_TOKEN, token_body(b"<html>s3cret</html>")),
    "no token": Row(NotARegistry, NO_USABLE, token_body(b"{}")),
    "a token for a header": Row(
        NotARegistry,
        NO_USABLE,
        token_body(b'{"token": "s3cret\\r\\nHost: evil.example"}'),
    ),
    "a token without end": Row(
        NotARegistry,
        "{0} sends an answer without end, not a token.",
        token_body(b'{"token": "' + b"s3cret" * 20_000 + b'"}'),
    ),
    "401 after the token": Row(AuthError, NO_ACCESS_FOR_NOBODY, token_body(b'{"token": "s3cret"}')),
    "401 after the token, for a user": Row(
        AuthError, NO_ACCESS, token_body(b'{"token": "s3cret"}'), ROBOT
    ),
    # The manifest.
    "401 in spite of the challenge": Row(AuthError, NO_WORD, {"status": 401}),
    "403": Row(AuthError, FORBIDDEN, {"status": 403}, ROBOT),
    "404": Row(NotFound, GONE),
    "404, for a user": Row(NotFound, GONE, {"auth": "bearer"}, ROBOT),
    "405 on GET too": Row(NotARegistry, status_of(405), {"status": 405}),
    "406": Row(NotARegistry, status_of(406), {"status": 406}),
    "415": Row(NotARegistry, status_of(415), {"status": 415}),
    "204": Row(NotARegistry, status_of(204), {"status": 204}),
    "429": Row(
        RateLimited,
        BUSY.replace("{1}", " for 30 seconds"),
        {"status": 429, "headers": {"Retry-After": "30"}},
    ),
    "500": Row(RegistryFailure, BROKEN.replace("{1}", "500"), {"status": 500}),
    "502 of a proxy": Row(RegistryFailure, BROKEN.replace("{1}", "502"), {"status": 502}),
    "504 of a proxy": Row(RegistryFailure, BROKEN.replace("{1}", "504"), {"status": 504}),
    "407 of a proxy": Row(
        NotARegistry,
        "A proxy in front of {0} wants a login (407): none is used here.",
        {"status": 407},
    ),
    "408": Row(
        RegistryFailure,
        "{0} took too long over the request (408): try again later.",
        {"status": 408},
    ),
    "an HTML page": Row(NotARegistry, NO_MANIFEST, {"garbage": b"<html>Log in</html>"}),
    "an empty manifest": Row(NotARegistry, NO_MANIFEST, {"garbage": b""}),
    "a manifest without a version": Row(NotARegistry, NO_MANIFEST, {"garbage": b"{}"}),
    "another digest than the bytes have": Row(
        NotARegistry,
        OTHER_BYTES,
        {
            "head_status": 405,
            "garbage": b'{"schemaVersion": 2}',
            "headers": {"Docker-Content-Digest": f"sha256:{'0' * 64}"},
        },
    ),
    "a manifest without end": Row(
        NotARegistry,
        "{0} sends an answer without end, not a manifest.",
        {"garbage": b" " * 5_000_000},
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_every_refusal_has_its_class_and_its_sentence(
    case: str, desk: Desk, registry: FakeRegistry
) -> None:
    row = ROWS[case]
    for name, value in row.behaviour.items():
        setattr(registry.behaviour, name, value)

    error = desk.complaint(registry.address, credentials=row.credentials)

    assert judged(error) == (row.error, row.sentence.format(registry.address))


def test_a_text_that_names_no_image_is_no_request() -> None:
    with pytest.raises(InvalidReference) as refused:
        Reference.parse("ghcr.io/Team/app")

    assert judged(refused.value) == (
        InvalidReference,
        '"ghcr.io/Team/app" is not an image reference: the repository name must be lower case.',
    )


def test_a_pinned_image_is_what_it_says_or_nothing(desk: Desk, registry: FakeRegistry) -> None:
    wanted = f"sha256:{'0' * 64}"
    registry.manifests["team/app", wanted] = b'{"schemaVersion": 2}'

    error = desk.complaint(registry.address, f"team/app:1@{wanted}")

    sentence = f"{registry.address} answers with another digest than was asked for."
    assert judged(error) == (NotARegistry, sentence)


def test_an_expired_token_is_fetched_once_more_and_then_given_up(
    desk: Desk, registry: FakeRegistry
) -> None:
    registry.behaviour.auth = "bearer"
    registry.behaviour.token_body = b'{"token": "s3cret-refused"}'

    error = desk.complaint(registry.address, credentials=ROBOT)

    assert judged(error) == (AuthError, NO_ACCESS.format(registry.address))
    assert registry.counts()["manifest"] == 2


def test_the_password_is_in_no_sentence_even_when_it_is_what_was_refused(
    desk: Desk, registry: FakeRegistry
) -> None:
    registry.behaviour.auth = "basic"

    error = desk.complaint(registry.address, credentials=WRONG)

    coded = base64.b64encode(b"robot:s3cret-wrong").decode()
    assert coded not in f"{error!r} {error.__cause__!r} {error.__context__!r}"
