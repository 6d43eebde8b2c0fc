"""A user name with its secret. Neither `repr` nor the fingerprint gives the secret away."""

import base64
import hashlib
from dataclasses import dataclass, field

ANONYMOUS_FINGERPRINT = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Password and identity token are alternatives: an identity token is a refresh token."""

    username: str
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def fingerprint(self) -> str:
        """16 hex characters that name this user and secret; about 10 ms of work.

        Slow on purpose: it is stored in the clear, and a guesser must pay for each guess.
        """
        secret = f"{self.password}\0{self.identity_token}".encode()
        salt = b"watchweb credential fingerprint\0" + self.username.encode()
        return hashlib.scrypt(secret, salt=salt, n=2**12, r=8, p=1, dklen=8).hex()

    @property
    def basic(self) -> str:
        """The value of an Authorization header. UTF-8, as RFC 7617 has it."""
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def fingerprint_of(credentials: Credentials | None) -> str:
    """The fingerprint that token keys carry; anonymous access has its own."""
    return credentials.fingerprint if credentials else ANONYMOUS_FINGERPRINT
