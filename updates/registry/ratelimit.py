"""How much a registry still allows, and how long it asks to be left alone.

Retry-After: 30             or an HTTP date
ratelimit-limit: 100;w=21600, ratelimit-remaining: 98;w=21600         Docker Hub
RateLimit-Limit: 100, RateLimit-Remaining: 98, RateLimit-Reset: 60    the IETF's drafts
X-RateLimit-Limit: 100, ...                                           many; reset may be a time
"toomanyrequests: retry-after: 331µs, allowed: 44000/minute"          ghcr.io, in the body
"""

import math
import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from updates.registry.errors import RateLimited, Unreachable
from updates.registry.messages import Answer

MAX_RETRY_AFTER_S = 24 * 3600.0
_MAX_RESET_S = 31 * 24 * 3600.0
_MIN_PAUSE_S = 1.0
_MAX_UNNAMED_PAUSE_S = 60.0
_UNREACHABLE_PAUSE_S = 5.0
# Larger than any number of seconds until a reset: such a number is a time since the epoch.
_EPOCH_S = 1e9
_PREFIXES = ("ratelimit-", "x-ratelimit-")
_WINDOW = re.compile(r";\s*w=(\d{1,12})(?!\d)", re.ASCII)
_WAIT = re.compile(r"retry-after:\s*((?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h)){1,4})")
_PART = re.compile(r"([\d.]+)([a-zµ]+)")
_UNITS_S = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a limit. Window and time until its reset are in seconds, None if unnamed."""

    limit: int
    remaining: int
    window_s: int | None
    reset_s: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a registry is left alone, in seconds since the epoch, and why: a sentence."""

    until: float
    reason: str


def budget(headers: Mapping[str, str], now: float) -> Budget | None:
    """The budget that an answer's headers name; None if they name none."""
    for prefix in _PREFIXES:
        limit = headers.get(f"{prefix}limit", "")
        total, left = _number(limit), _number(headers.get(f"{prefix}remaining", ""))
        if total is not None and left is not None:
            window = _WINDOW.search(limit)
            reset_s = _reset_s(headers.get(f"{prefix}reset", ""), now)
            return Budget(total, left, int(window[1]) if window else None, reset_s)
    return None


def named_wait_s(answer: Answer, now: float) -> float | None:
    """Seconds a 429 asks to wait, at most a day; None when it names no time."""
    from_header = retry_after_s(answer.headers, now)
    return _named_in(answer.body) if from_header is None else from_header


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, at most a day; None when the header is missing or rubbish."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return min(float(value[:12]), MAX_RETRY_AFTER_S)
    try:
        date = parsedate_to_datetime(value)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return min(max(date.timestamp() - now, 0.0), MAX_RETRY_AFTER_S)
    except (ValueError, OverflowError):
        return None


def too_many(domain: str, wait_s: float | None = None) -> str:
    """The sentence for a 429, with the time to wait if there is one."""
    until = "" if wait_s is None else f" for {_seconds(wait_s)}"
    return (
        f"{domain} allows no more requests{until}: wait, or save credentials with a higher limit."
    )


class Backoff:
    """Keeps a client from asking a registry again that asked for peace, or is not there.

    Without it, a hundred references behind a dead registry wait a hundred times. The pause after
    a 429 can be stored and shared by workers; that nothing answers is each one's own experience.
    """

    def __init__(self, domain: str, clock: Callable[[], float], pause: Pause | None = None) -> None:
        self._domain = domain
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = Pause(0.0, "")
        self._refusals = 0
        self._unreachable_until = 0.0
        self._unreachable = ""
        if pause is not None:
            self.take(pause)

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts now."""
        return self._pause if self._pause.until > self._clock() else None

    def take(self, pause: Pause) -> None:
        """Keep a pause that another worker was told, unless the own one lasts longer."""
        with self._lock:
            self._lengthen(pause.until, pause.reason)

    def check(self) -> None:
        """Raises RateLimited or Unreachable while the registry is to be left alone."""
        now = self._clock()
        if now < self._pause.until:
            raise self._limited(now)
        if now < self._unreachable_until:
            raise Unreachable(self._unreachable)

    def refused(self, error: RateLimited) -> RateLimited:
        """Begin a pause, or lengthen it; the same error with the time that is left.

        Without a time named: 1 s, doubled with each further 429 up to 60 s. Those that were
        under way together count as one.
        """
        with self._lock:
            now = self._clock()
            if now >= self._pause.until:
                self._refusals += 1
                self._lengthen(now + self._pause_s(error.retry_after_s), too_many(self._domain))
            elif error.retry_after_s is not None:
                self._lengthen(now + error.retry_after_s, too_many(self._domain))
            return self._limited(now)

    def unreachable(self, error: Unreachable) -> None:
        """Begin the short pause of a registry that is not there."""
        self._unreachable = str(error)
        self._unreachable_until = self._clock() + _UNREACHABLE_PAUSE_S

    def succeeded(self) -> None:
        """Note a good answer: the next 429 is a first one again."""
        if self._refusals and self.pause is None:
            self._refusals = 0

    def _pause_s(self, named_s: float | None) -> float:
        if named_s is not None:
            return max(named_s, _MIN_PAUSE_S)
        doubled = min(2.0 ** min(self._refusals - 1, 10), _MAX_UNNAMED_PAUSE_S)
        return max(doubled * random.uniform(0.8, 1.0), _MIN_PAUSE_S)  # noqa: S311

    def _lengthen(self, until: float, reason: str) -> None:
        until = min(until, self._clock() + MAX_RETRY_AFTER_S)
        if until > self._pause.until:
            self._pause = Pause(until, reason)

    def _limited(self, now: float) -> RateLimited:
        left_s = self._pause.until - now
        return RateLimited(_lasting(self._pause.reason, left_s), retry_after_s=left_s)


def _lasting(reason: str, left_s: float) -> str:
    """The reason with the time left in its main clause: before the colon, if there is one."""
    clause, colon, advice = reason.removesuffix(".").partition(": ")
    return f"{clause} for {_seconds(left_s)}{colon}{advice}."


def _seconds(wait_s: float) -> str:
    number = max(math.ceil(wait_s), 1)
    return f"{number} second{'' if number == 1 else 's'}"


def _named_in(body: bytes) -> float | None:
    found = _WAIT.search(body.decode(errors="replace").lower())
    if found is None:
        return None
    parts = _PART.findall(found[1])
    return min(sum(float(amount) * _UNITS_S[unit] for amount, unit in parts), MAX_RETRY_AFTER_S)


def _reset_s(value: str, now: float) -> float | None:
    number = _number(value)
    if number is None:
        return None
    left_s = max(number - now, 0.0) if number > _EPOCH_S else float(number)
    return min(left_s, _MAX_RESET_S)


def _number(value: str) -> int | None:
    """The number that a value begins with: `100;w=21600`, `100, 100;w=60`."""
    text = re.split("[;,]", value, maxsplit=1)[0].strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else None
