"""What a status other than success means, in a sentence that says what to do."""

from collections.abc import Sequence
from typing import NoReturn

from updates.registry.challenge import Challenge
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    NotFound,
    RateLimited,
    RegistryFailure,
)
from updates.registry.logins.credentials import Credentials
from updates.registry.messages import Answer, host_of
from updates.registry.ratelimit import named_wait_s, too_many


def refuse(
    answer: Answer, *, domain: str, what: str, has_credentials: bool, now: float
) -> NoReturn:
    """Raise the error of an answer that is not 200. `what` is the image, or the registry."""
    match answer.status:
        case 401 if has_credentials:
            raise AuthError(
                f"{domain} refuses access to {what}: it may not exist there, or the saved user"
                " may not read it."
            )
        case 401:
            raise AuthError(
                f"{domain} refuses access to {what}: it may not exist there, or it needs"
                " credentials, and none are saved."
            )
        case 403:
            raise AuthError(f"{domain} forbids access to {what}: ask whoever runs that registry.")
        case 404 | 410:
            raise NotFound(
                f"{domain} has no {what}: the tag or the repository is gone or misspelt."
            )
    refuse_in_general(answer, domain=domain, now=now)


def judge_ping(answer: Answer, *, domain: str, has_credentials: bool, now: float) -> None:
    """Raise the error of an answer to GET /v2/, unless it is a registry's 200."""
    content_type = answer.headers.get("Content-Type", "").lower()
    is_page = answer.status == 200 and content_type.startswith("text/html")
    if answer.status == 404 or is_page:
        raise NotARegistry(f"{host_of(answer.url)} is no registry: it has no /v2/ API.")
    if answer.status != 200:
        refuse(answer, domain=domain, what="its API", has_credentials=has_credentials, now=now)


def refuse_login(challenges: Sequence[Challenge], *, domain: str) -> NoReturn:
    """Raise the error of a 401 whose challenges name no way in that this program knows."""
    if not challenges:
        raise AuthError(f"{domain} refuses access (401) without saying how to log in.")
    if any(challenge.scheme == "bearer" for challenge in challenges):
        raise NotARegistry(f"{domain} names a token service that has no usable address.")
    raise AuthError(f"{domain} wants a login of a kind that this program does not know.")


def refuse_token(
    answer: Answer, *, domain: str, credentials: Credentials | None, now: float
) -> NoReturn:
    """Raise the error of a token service's answer that is not 200."""
    is_identity = credentials is not None and bool(credentials.identity_token)
    match answer.status:
        case 400 | 401 if is_identity:  # OAuth 2 answers 400 for a token that it knows no more.
            raise CredentialsRefused(
                f"{domain} refuses the identity token saved for it: log in again, and save the"
                " new one."
            )
        case 401 if credentials is not None:
            raise CredentialsRefused(
                f"{domain} refuses the user name or password saved for it: correct them."
            )
        case 401 | 403 if credentials is None:
            raise AuthError(f"{domain} gives nobody access without credentials: save some for it.")
        case 403:
            raise AuthError(f"{domain} does not let the saved user read this repository.")
        case 400:
            raise AuthError(f"The token service of {domain} does not accept the request (400).")
        case 404 | 405 | 410:
            raise NotARegistry(
                f"{host_of(answer.url)}, which {domain} names as its token service, is none."
            )
    refuse_in_general(answer, domain=f"The token service of {domain}", now=now)


def refuse_in_general(answer: Answer, *, domain: str, now: float) -> NoReturn:
    """Raise the error of a status that means the same wherever it comes from."""
    if answer.status == 429:
        wait_s = named_wait_s(answer, now)
        raise RateLimited(too_many(domain, wait_s), retry_after_s=wait_s)
    if answer.status >= 500:
        raise RegistryFailure(f"{domain} is out of order ({answer.status}): try again later.")
    if answer.status == 408:
        raise RegistryFailure(f"{domain} took too long over the request (408): try again later.")
    if answer.status == 407:
        raise NotARegistry(f"A proxy in front of {domain} wants a login (407): none is used here.")
    raise NotARegistry(
        f"{host_of(answer.url)} does not answer as a registry does (status {answer.status})."
    )
