"""A client per registry, made from its row; what the clients learn goes back to the rows."""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone

from updates.models import Registry
from updates.registry.client import RegistryClient
from updates.registry.errors import AuthError, CredentialsRefused, NotFound, RegistryError
from updates.registry.messages import Kind, Request
from updates.registry.ratelimit import Pause
from updates.runs.credentials import credentials_of, forget_lent
from updates.runs.token_store import RowTokenStore

_PAUSE = ("paused_until", "pause_reason")
_LEARNED = (
    "hint_realm",
    "hint_service",
    "hint_basic",
    "hint_open",
    "budget_limit",
    "budget_remaining",
    "budget_window_s",
    "budget_resets_at",
    "budget_seen_at",
    "answered_at",
    "failed_at",
    "last_error",
    "latency_ms",
)


@dataclass(slots=True)
class Access:
    """The way into one registry. Its client is made by the first thread that asks for it.

    A failure to get credentials is every later caller's too: it is not tried a hundred times.
    """

    row: Registry
    tokens: RowTokenStore
    observer: Callable[[Request], None]
    plain_http: bool = False
    seconds: list[float] = field(default_factory=list)
    is_answered: bool = False
    is_refused: bool = False
    trouble: str = ""
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
        if error is None or isinstance(error, NotFound) or type(error) is AuthError:
            self.is_answered = True
        else:
            self.trouble = str(error)
            self.is_refused |= isinstance(error, CredentialsRefused)

    def _made(self) -> RegistryClient:
        config = replace(self.row.config(), credentials=credentials_of(self.row, self.tokens))
        if self.plain_http:
            config = replace(config, plain_http=True)
        pause = None
        if self.row.paused_until is not None:
            pause = Pause(self.row.paused_until.timestamp(), self.row.pause_reason)
        return RegistryClient(config, tokens=self.tokens, observer=self._observe, pause=pause)

    def _observe(self, request: Request) -> None:
        self.observer(request)
        if request.kind is Kind.MANIFEST and request.status is not None:
            self.seconds.append(request.seconds)


class Clients:
    """The accesses of one host run, by domain."""

    def __init__(self, tokens: RowTokenStore, observer: Callable[[Request], None]) -> None:
        self.tokens = tokens
        self.observer = observer
        self._by_domain: dict[str, Access] = {}

    def load(self, domains: Collection[str]) -> None:
        """Read the rows of these registries; one that has none yet gets one."""
        missing = set(domains) - self._by_domain.keys()
        if not missing:
            return
        known = {row.domain: row for row in Registry.objects.filter(domain__in=missing)}
        for domain in sorted(missing - known.keys()):
            known[domain], _ = Registry.objects.get_or_create(domain=domain)
        for domain, row in known.items():
            self._by_domain[domain] = Access(row, self.tokens, self.observer)
        self.tokens.load(row.address for row in known.values())

    def of(self, domain: str) -> Access:
        self.load([domain])
        return self._by_domain[domain]

    def of_mirror(self, url: str) -> Access:
        """The access to a mirror that an engine names; its scheme is the engine's word."""
        parts = urlsplit(url)
        access = self.of(parts.netloc)
        access.plain_http |= parts.scheme == "http"
        return access

    def share_pauses(self) -> None:
        """Tell the other workers how long to leave a registry alone, and heed what they were told.

        One statement, and one for each registry that asked for peace since the last time.
        """
        for access, client in self._in_use():
            _tell(access.row, client.pause)
        pks = [access.row.pk for access, _ in self._in_use()]
        rows = Registry.objects.filter(pk__in=pks, paused_until__gt=timezone.now())
        pauses = {row.pk: row for row in rows.only(*_PAUSE)}
        for access, client in self._in_use():
            if (row := pauses.get(access.row.pk)) and row.paused_until:
                client.take_pause(Pause(row.paused_until.timestamp(), row.pause_reason))

    def remember(self) -> None:
        """Write down what was learned, of all registries in one statement; and the hits."""
        for access, client in self._in_use():
            _tell(access.row, client.pause)
            if access.is_refused:
                forget_lent(access.row)
        changed = [access.row for access, client in self._in_use() if _learn(access, client)]
        changed += [one.row for one in self._by_domain.values() if one.made is None and _fail(one)]
        Registry.objects.bulk_update(changed, _LEARNED)
        self.tokens.save_hits()

    def close(self) -> None:
        for _, client in self._in_use():
            client.close()

    def _in_use(self) -> Iterator[tuple[Access, RegistryClient]]:
        for access in self._by_domain.values():
            if access.made is not None:
                yield access, access.made


def _learn(access: Access, client: RegistryClient) -> bool:
    """Put what the client learned into its row; True if it was used at all."""
    if not access.is_answered and not access.trouble:
        return False
    row, now = access.row, timezone.now()
    _fail(access)
    row.hint_realm, row.hint_service = client.bearer or ("", "")
    row.hint_basic, row.hint_open = client.is_basic, client.is_open
    if (budget := client.budget) is not None:
        row.budget_limit, row.budget_remaining = budget.limit, budget.remaining
        row.budget_window_s, row.budget_seen_at = budget.window_s, now
        reset_s = budget.reset_s
        row.budget_resets_at = None if reset_s is None else now + timedelta(seconds=reset_s)
    if access.is_answered:
        row.answered_at = timezone.now()  # After the failure, if there was one too: it is well.
        row.latency_ms = round(1000 * median(access.seconds)) if access.seconds else None
    access.is_answered, access.trouble = False, ""
    access.seconds.clear()
    return True


def _tell(row: Registry, pause: Pause | None) -> None:
    """Write a pause into the row, unless a longer one is there."""
    if pause is None:
        return
    until = datetime.fromtimestamp(pause.until, UTC)
    if row.paused_until is not None and row.paused_until >= until:
        return
    row.paused_until, row.pause_reason = until, pause.reason
    shorter = Q(paused_until=None) | Q(paused_until__lt=until)
    rows = Registry.objects.filter(shorter, pk=row.pk)
    rows.update(paused_until=until, pause_reason=pause.reason)


def _fail(access: Access) -> bool:
    if access.trouble:
        access.row.failed_at, access.row.last_error = timezone.now(), access.trouble
    return bool(access.trouble)
