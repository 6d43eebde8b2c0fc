"""How the saved credentials of a registry become those that it takes.

Most are sent as they are. Amazon and Google take credentials of some hours only, which their
own libraries fetch; both are optional: the extras `aws` and `google`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from updates.registry.logins.credentials import Credentials
from updates.registry.logins.ecr import ecr_token
from updates.registry.logins.google_access import google_token
from updates.registry.logins.kinds import AWS_TOKEN_USER, GOOGLE_TOKEN_USER, RegistryKind
from updates.registry.logins.short_lived import ShortLived

__all__ = ["ShortLived", "broker_of", "usable"]

# The user name of an Azure refresh token: it stands for whoever the token was made for.
AZURE_TOKEN_USER = "00000000-0000-0000-0000-000000000000"  # noqa: S105


def broker_of(
    kind: RegistryKind, domain: str, saved: Credentials | None
) -> Callable[[], ShortLived] | None:
    """What fetches the registry's short-lived credentials; None if the saved ones are used.

    With nothing saved the worker's own role is traded: boto3's and Google's default chains.
    What is returned asks the cloud anew at each call, takes at most about half a minute, and
    may be called by several threads. It raises CredentialsRefused or AuthError if the cloud
    refuses or the extra is not installed, RateLimited, RegistryFailure, TransportError or
    NotARegistry as a registry's client does.
    """
    if kind is RegistryKind.ECR and not _is_token(saved, AWS_TOKEN_USER):
        return partial(ecr_token, domain, saved)
    if kind is RegistryKind.GOOGLE and not _is_token(saved, GOOGLE_TOKEN_USER):
        return partial(google_token, domain, saved)
    return None


def usable(kind: RegistryKind, saved: Credentials | None) -> Credentials | None:
    """The saved credentials in the form that the registry takes.

    Azure's refresh token is filed as a password by most tools, but only taken as a refresh token.
    """
    is_azure = kind is RegistryKind.AZURE and _is_token(saved, AZURE_TOKEN_USER)
    if saved is not None and is_azure and not saved.identity_token:
        return replace(saved, password="", identity_token=saved.password)
    return saved


def _is_token(saved: Credentials | None, username: str) -> bool:
    """Whether what is saved is a token already, which nothing can be traded for."""
    return saved is not None and saved.username == username
