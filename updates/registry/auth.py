"""Which Authorization header a request to a registry needs, and what an earlier answer taught."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from updates.registry.answers import refuse_login
from updates.registry.challenge import Challenge, choose_challenge, parse_challenges
from updates.registry.config import RegistryConfig
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    RateLimited,
    RegistryError,
)
from updates.registry.exchange import exchange
from updates.registry.logins.credentials import fingerprint_of
from updates.registry.realm import Bearer
from updates.registry.sign_in import ANONYMOUS, UNTRIED, SignIn, accepted_as, refused_with
from updates.registry.tokens import Token, TokenKey, TokenStore
from updates.registry.transport import Transport

# A hint, and a token's key, are kept in a database.
_MAX_REALM_CHARS = 500
_MAX_SERVICE_CHARS = 255
_MAX_SCOPE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Authorization:
    """A header value, and where it came from. `failure` tells why a hint gave none."""

    header: str = field(default="", repr=False)
    key: TokenKey | None = None
    token: Token | None = None
    is_new: bool = False
    failure: RegistryError | None = None


class FirstAlone:
    """Lets the first caller do its work while the others wait; after it, everybody.

    The first one learns the challenge and tries the password: sixteen threads that find out
    at once that a password is wrong can lock the account.
    """

    def __init__(self, *, is_open: bool) -> None:
        self._lock = threading.Lock()
        self._is_open = is_open

    def run[Result](self, work: Callable[[], Result]) -> Result:
        if not self._is_open:
            with self._lock:
                if not self._is_open:
                    try:
                        return work()
                    finally:
                        self._is_open = True
        return work()


class Authenticator:
    """The way into one registry. Used by many threads at once."""

    def __init__(
        self,
        config: RegistryConfig,
        transport: Transport,
        tokens: TokenStore,
        clock: Callable[[], float],
    ) -> None:
        self._config = config
        self._transport = transport
        self._tokens = tokens
        self._clock = clock
        self._fingerprint = fingerprint_of(config.credentials)
        self._first = FirstAlone(is_open=config.credentials is None)
        self._refused = ""
        self._is_accepted = False
        self._sign_in = UNTRIED
        self._hint = Bearer(config.hint_realm, config.hint_service)
        self._bearer = self._hint if config.hint_realm else None
        self._is_basic = config.hint_basic and not config.hint_realm
        self._is_open = config.hint_open
        self._is_challenged = False

    @property
    def bearer(self) -> Bearer | None:
        """The token service, once known and unless it refused the credentials."""
        return None if self._refused else self._bearer

    @property
    def is_basic(self) -> bool:
        """Whether the registry takes the password itself, and took this one once."""
        is_tried = self._is_accepted or self._config.hint_basic
        return self._is_basic and is_tried and not self._refused

    @property
    def is_open(self) -> bool:
        """Whether the registry lets everybody in: it never asked who is there."""
        return self._is_open and not self._is_challenged

    @property
    def sign_in(self) -> SignIn:
        """What became of the credentials, or of having none."""
        return refused_with(self._refused) if self._refused else self._sign_in

    def known(self, scope: str) -> Authorization:
        """What can be sent before any challenge; an empty header when nothing is known."""
        if bearer := self._bearer:
            try:
                return self._with_token(bearer, scope)
            except (CredentialsRefused, RateLimited):
                raise
            except RegistryError as error:
                # The hint may be old. The registry's own challenge decides.
                if bearer is self._hint and self._bearer is bearer:
                    self._bearer = None
                return Authorization(key=self._key(bearer, scope), failure=error)
        if self._is_basic and self._config.credentials:
            self._raise_if_refused()
            return Authorization(self._config.credentials.basic)
        return Authorization()

    def answer(
        self, headers: Sequence[str], scope: str, refused: Authorization
    ) -> Authorization | None:
        """What the challenges of a 401 ask for; None when just that was refused.

        Raises AuthError when this program knows no way in, or has no credentials for it.
        """
        self._is_challenged = True
        challenges = parse_challenges(headers)
        challenge = choose_challenge(challenges)
        if challenge is None:
            refuse_login(challenges, domain=self._config.domain)
        if challenge.scheme == "basic":
            return self._answer_basic(refused)
        return self._answer_bearer(challenge, scope, refused)

    def accepted(self) -> None:
        """Note that the registry took what was sent: the credentials are right."""
        self._is_accepted = True

    def let_in(self) -> None:
        """Note that the registry answered without knowing who asks."""
        self._is_open = True

    def known_as(self, sent: Authorization) -> None:
        """Note that the registry knew who asks, or did not want to."""
        self._sign_in = accepted_as(self._config.credentials) if sent.header else ANONYMOUS

    def refused_again(self, refused: Authorization) -> None:
        """Note that what a challenge asked for was refused as well.

        Raises CredentialsRefused if a password was, and it never opened anything before: then
        it is not this repository alone.
        """
        if refused.key is not None and refused.token is not None:
            self._tokens.discard(refused.key, refused.token)
        elif refused.header and not self._is_accepted:
            name = self._config.domain
            self._refused = f"{name} refuses the user name or password saved for it: correct them."
            self._raise_if_refused()

    def _answer_basic(self, refused: Authorization) -> Authorization | None:
        credentials = self._config.credentials
        if credentials is None:
            sentence = f"{self._config.domain} wants a user name and password: save them."
            self._sign_in = refused_with(sentence)
            raise AuthError(sentence)
        if refused.header == credentials.basic:
            self.refused_again(refused)
            return None
        self._raise_if_refused()
        self._bearer, self._is_basic = None, True
        return Authorization(credentials.basic)

    def _answer_bearer(
        self, challenge: Challenge, scope: str, refused: Authorization
    ) -> Authorization | None:
        bearer = Bearer(challenge.realm, challenge.service)
        key = self._key(bearer, _scope(challenge.scope, scope))
        self._check_size(key)
        is_same = refused.key is not None and (refused.key.realm, refused.key.service) == (
            bearer.realm,
            bearer.service,
        )
        if refused.failure is not None and is_same:
            self._bearer = bearer
            raise refused.failure
        if refused.key is not None and refused.token is not None:
            self._tokens.discard(refused.key, refused.token)
            if refused.is_new and refused.key == key:
                return None
        authorization = self._with_token(bearer, key.scope)
        self._bearer, self._is_basic = bearer, False
        return authorization

    def _check_size(self, key: TokenKey) -> None:
        limits = (
            (key.realm, _MAX_REALM_CHARS),
            (key.service, _MAX_SERVICE_CHARS),
            (key.scope, _MAX_SCOPE_CHARS),
        )
        if not all(len(text) <= limit and text.isprintable() for text, limit in limits):
            raise NotARegistry(f"{self._config.domain} sends a challenge out of all bounds.")

    def _with_token(self, bearer: Bearer, scope: str) -> Authorization:
        fetched: list[Token] = []

        def fetch() -> Token:
            fetched.append(self._first.run(lambda: self._exchange(bearer, scope)))
            return fetched[-1]

        key = self._key(bearer, scope)
        token = self._tokens.obtain(key, fetch)
        return Authorization(f"Bearer {token.value}", key, token, is_new=bool(fetched))

    def _exchange(self, bearer: Bearer, scope: str) -> Token:
        self._raise_if_refused()
        try:
            token = exchange(
                bearer, scope, self._config, transport=self._transport, clock=self._clock
            )
        except CredentialsRefused as error:
            # Some services answer 401 for one repository that the user may not read.
            if not self._is_accepted:
                self._refused = str(error)
            raise
        except AuthError:
            if self._config.credentials is None:
                self._sign_in = ANONYMOUS
            raise
        self._is_accepted = True
        self._sign_in = accepted_as(self._config.credentials)
        return token

    def _raise_if_refused(self) -> None:
        if self._refused:
            raise CredentialsRefused(self._refused)

    def _key(self, bearer: Bearer, scope: str) -> TokenKey:
        return TokenKey(
            registry=self._config.address,
            realm=bearer.realm,
            service=bearer.service,
            scope=scope,
            fingerprint=self._fingerprint,
        )


def _scope(offered: str, wanted: str) -> str:
    """The scope to ask for: the registry's own, unless it says the same or more than needed."""
    kind_and_name, _, _ = wanted.rpartition(":")
    if not offered or (wanted and offered.startswith(f"{kind_and_name}:")):
        return wanted
    return offered
