"""What a status other than success means, in a sentence that says what to do."""

from typing import NoReturn

from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    NotFound,
    RateLimited,
    RegistryFailure,
)
from updates.registry.messages import Answer, host_of
from updates.registry.ratelimit import retry_after_s


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


def refuse_token(answer: Answer, *, domain: str, has_credentials: bool, now: float) -> NoReturn:
    """Raise the error of a token service's answer that is not 200."""
    match answer.status:
        case 401 if has_credentials:
            raise CredentialsRefused(
                f"{domain} refuses the user name or password saved for it: correct them."
            )
        case 401 | 403 if not has_credentials:
            raise AuthError(f"{domain} gives nobody access without credentials: save some for it.")
        case 403:
            raise AuthError(f"{domain} does not let the saved user read this repository.")
        case 400:
            raise AuthError(f"The token service of {domain} does not accept the request (400).")
        case 404 | 405 | 410:
            raise NotARegistry(
                f"{host_of(answer.url)}, which {domain} names as its token service, is none."
            )
    refuse_in_general(answer, domain=domain, now=now)


def refuse_in_general(answer: Answer, *, domain: str, now: float) -> NoReturn:
    """Raise the error of a status that means the same wherever it comes from."""
    if answer.status == 429:
        wait_s = retry_after_s(answer.headers, now)
        until = "" if wait_s is None else f" for {wait_s:.0f} seconds"
        raise RateLimited(
            f"{domain} allows no more requests{until}: wait, or save credentials with a higher"
            " limit.",
            retry_after_s=wait_s,
        )
    if answer.status >= 500:
        raise RegistryFailure(f"{domain} is out of order ({answer.status}): try again later.")
    raise NotARegistry(
        f"{host_of(answer.url)} does not answer as a registry does (status {answer.status})."
    )
