"""Who this program turned out to be to a registry."""

from dataclasses import dataclass
from enum import StrEnum

from updates.registry.logins.credentials import Credentials


class SignInState(StrEnum):
    """What became of the credentials, or of having none."""

    UNTRIED = "untried"
    ANONYMOUS = "anonymous"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SignIn:
    """`name` is whose credentials were taken, "" for an identity token; `refusal` a sentence.

    Anonymous is also who has credentials that the registry never asked for.
    """

    state: SignInState
    name: str = ""
    refusal: str = ""


UNTRIED = SignIn(SignInState.UNTRIED)
ANONYMOUS = SignIn(SignInState.ANONYMOUS)


def accepted_as(credentials: Credentials | None) -> SignIn:
    """Who is in once the credentials were sent and taken; without any that is nobody."""
    if credentials is None:
        return ANONYMOUS
    name = "" if credentials.identity_token else credentials.username
    return SignIn(SignInState.ACCEPTED, name)


def refused_with(sentence: str) -> SignIn:
    """What is left when the registry lets nobody in as it is asked now."""
    return SignIn(SignInState.REFUSED, refusal=sentence)
