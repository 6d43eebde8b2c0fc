"""What may go wrong between this program and a registry.

    RegistryError
    ├── InvalidReference      the text names no image
    ├── TransportError        no answer at all                   (waiting may help)
    │   ├── Unreachable       no connection: DNS, refused, timed out
    │   └── TLSFailure        no trust: waiting does not help
    ├── AuthError             the registry wants other, or any, credentials
    │   └── CredentialsRefused  the user name or password itself is wrong
    ├── NotFound              no such tag or repository
    ├── RateLimited           429                                (waiting helps)
    ├── RegistryFailure       5xx                                (waiting may help)
    ├── NotARegistry          the answer follows no registry specification
    ├── TrustError            the CA bundle or client certificate is unusable
    └── DockerConfigError     a config.json, or the login in the environment, is unusable

Every message is one sentence for the person who must act. None holds a secret or a query string.
"""

# The names say what happened; "Error" at the end of each would say it twice.

from typing import ClassVar


class RegistryError(Exception):
    """Root of the tree. `retryable` answers: may waiting help?"""

    retryable: ClassVar[bool] = False


class InvalidReference(RegistryError):
    """The text is no image reference."""


class TransportError(RegistryError):
    """The request got no whole answer."""

    retryable = True


class Unreachable(TransportError):
    """No connection came about: nothing was sent."""


class TLSFailure(TransportError):
    """The two sides could not agree on whom to trust."""

    retryable = False


class AuthError(RegistryError):
    """Access was refused, or credentials could not be sent safely."""


class CredentialsRefused(AuthError):
    """The user name or the password is wrong: asking again may lock the account."""


class NotFound(RegistryError):
    """The registry has no such tag or repository."""


class RateLimited(RegistryError):
    """429. `retry_after_s` is None when the registry named no time."""

    retryable = True

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RegistryFailure(RegistryError):
    """The registry, or something before it, is broken just now (5xx)."""

    retryable = True


class NotARegistry(RegistryError):
    """The answer is not what a registry sends."""


class TrustError(RegistryError):
    """A CA bundle or a client certificate that cannot be used. `reason` is the whole sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DockerConfigError(RegistryError):
    """Docker's config.json, or the login that Watchtower's variables hold, cannot be read."""
