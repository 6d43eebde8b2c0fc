"""A client per registry, made from its row; what the clients learn goes back to the rows."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone

from updates.metrics.asked import add_requests, add_token_uses
from updates.metrics.sums import Sums
from updates.models import Registry
from updates.registry.client import RegistryClient
from updates.registry.messages import Request
from updates.registry.ratelimit import Pause
from updates.runs.access import Access
from updates.runs.credentials import forget_lent
from updates.runs.presented import PRESENTED, take_in
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


class Clients:
    """The accesses of one host run, by domain."""

    def __init__(self, tokens: RowTokenStore, observer: Callable[[Request], None]) -> None:
        self.tokens = tokens
        self.observer = observer
        self._by_domain: dict[str, Access] = {}
        self._plain_mirrors: dict[str, Access] = {}

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
        """The access to a mirror that an engine names.

        One without TLS, which the row of its domain does not allow, has an access of its own: the
        engine's word counts for what is asked of the mirror, and for nothing else.
        """
        parts = urlsplit(url)
        access = self.of(parts.netloc)
        if parts.scheme == "https" or access.row.plain_http:
            return access
        if url not in self._plain_mirrors:
            mirror = Access(access.row, self.tokens, self.observer, is_plain_mirror=True)
            self._plain_mirrors[url] = mirror
        return self._plain_mirrors[url]

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
        """Write down what was learned, of all registries in two statements; and the hits.

        Certificate and sign-in stay the same for months: a third one only where they did not.
        Nothing is learned for credentials that a person has changed meanwhile.
        """
        for access, client in self._in_use():
            _tell(access.row, client.pause)
            if access.is_refused:
                forget_lent(access.row)
        asked = [one for one in self._by_domain.values() if one.is_answered or one.trouble]
        news = {one.row.pk for one in asked if take_in(one)}
        rows = [_learn(one) for one in asked]
        saved = Registry.objects.filter(pk__in=[row.pk for row in rows])
        known = dict(saved.values_list("pk", "fingerprint")) if rows else {}
        current = [row for row in rows if known.get(row.pk) == row.fingerprint]
        Registry.objects.bulk_update(current, _LEARNED)
        Registry.objects.bulk_update([row for row in current if row.pk in news], PRESENTED)
        self.tokens.save_hits()

    def count(self) -> None:
        """Add what was asked since the last time to the tallies, in one statement."""
        sums = Sums()
        for access in (*self._by_domain.values(), *self._plain_mirrors.values()):
            asked, access.asked = access.asked, []
            add_requests(sums, access.row.domain, asked)
        domains = {access.row.address: access.row.domain for access in self._by_domain.values()}
        for (address, is_hit), number in self.tokens.take_uses().items():
            add_token_uses(sums, domains.get(address, address), number, is_hit=is_hit)
        sums.save()

    def close(self) -> None:
        for _, client in self._in_use():
            client.close()

    def _in_use(self) -> Iterator[tuple[Access, RegistryClient]]:
        for access in (*self._by_domain.values(), *self._plain_mirrors.values()):
            if access.made is not None:
                yield access, access.made


def _learn(access: Access) -> Registry:
    """The row of a registry that was asked, with what was learned of it."""
    row, now = access.row, timezone.now()
    if access.trouble:
        row.failed_at, row.last_error = now, access.trouble
    if (client := access.made) is not None:
        _learn_from(client, row, now)
    if access.is_answered:
        row.answered_at = timezone.now()  # After the failure, if there was one too: it is well.
        row.latency_ms = round(1000 * median(access.seconds)) if access.seconds else None
    access.is_answered, access.trouble = False, ""
    access.seconds.clear()
    return row


def _learn_from(client: RegistryClient, row: Registry, now: datetime) -> None:
    """How it wants to be asked, and what is left of its limit."""
    row.hint_realm, row.hint_service = client.bearer or ("", "")
    row.hint_basic, row.hint_open = client.is_basic, client.is_open
    if (budget := client.budget) is not None:
        row.budget_limit, row.budget_remaining = budget.limit, budget.remaining
        row.budget_window_s, row.budget_seen_at = budget.window_s, now
        reset_s = budget.reset_s
        row.budget_resets_at = None if reset_s is None else now + timedelta(seconds=reset_s)


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
