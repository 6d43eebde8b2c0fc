"""The way into one registry: a client made from its row, and what came of asking it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.conf import settings

from updates.models import Registry
from updates.registry.client import RegistryClient
from updates.registry.errors import AuthError, CredentialsRefused, NotFound, RegistryError
from updates.registry.messages import Kind, Request
from updates.registry.ratelimit import Pause
from updates.runs.credentials import credentials_of
from updates.runs.token_store import RowTokenStore


@dataclass(slots=True)
class Access:
    """The way into one registry. Its client is made by the first thread that asks for it.

    A failure to get credentials is every later caller's too: it is not tried a hundred times.
    `is_plain_mirror`: an engine says that it is there without TLS, and no person does.
    """

    row: Registry
    tokens: RowTokenStore
    observer: Callable[[Request], None]
    is_plain_mirror: bool = False
    asked: list[Request] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    is_answered: bool = False
    is_refused: bool = False
    trouble: str = ""
    _patience_ends: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _client: RegistryClient | None = None
    _failure: RegistryError | None = None

    @property
    def client(self) -> RegistryClient:
        """Raises RegistryError when there are no credentials to be had."""
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._client is None:
                try:
                    self._client = self._made()
                except RegistryError as error:
                    self._failure = error
                    raise
            return self._client

    @property
    def made(self) -> RegistryClient | None:
        """The client if there is one already."""
        return self._client

    def note(self, error: RegistryError | None) -> None:
        """Remember whether the registry answered; a missing tag is an answer too."""
        if error is None:
            self._patience_ends = None
        if error is None or isinstance(error, NotFound) or type(error) is AuthError:
            self.is_answered = True
        else:
            self.trouble = str(error)
            self.is_refused |= isinstance(error, CredentialsRefused)

    def has_patience(self, until: float) -> bool:
        """Whether a rate limit is waited out until then, as `time.monotonic` counts.

        Patience begins with the first refusal, and anew after each good answer.
        """
        if self._patience_ends is None:
            self._patience_ends = time.monotonic() + settings.WATCHWEB_RATE_LIMIT_PATIENCE
        return until <= self._patience_ends

    def why_paused(self) -> str:
        """The sentence for a rate limit that lasts; "" when there is none."""
        made = self._client
        if made is not None and made.pause is not None:
            return made.pause.reason
        return self.row.pause_reason if self.row.is_paused else ""

    def _made(self) -> RegistryClient:
        # What is saved for the registry was not meant to go unencrypted to where an engine says.
        credentials = None if self.is_plain_mirror else credentials_of(self.row, self.tokens)
        config = replace(self.row.config(), credentials=credentials)
        if self.is_plain_mirror:
            config = replace(config, plain_http=True, hint_realm="", hint_basic=False)
        pause = None
        if self.row.paused_until is not None:
            pause = Pause(self.row.paused_until.timestamp(), self.row.pause_reason)
        return RegistryClient(config, tokens=self.tokens, observer=self._observe, pause=pause)

    def _observe(self, request: Request) -> None:
        self.observer(request)
        self.asked.append(request)
        if request.kind is Kind.MANIFEST and request.status is not None:
            self.seconds.append(request.seconds)
