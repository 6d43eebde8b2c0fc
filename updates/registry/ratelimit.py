"""How much a registry still allows, and how long it asks to be left alone.

`Retry-After: 30` or an HTTP date; `ratelimit-limit: 100;w=21600`
and `ratelimit-remaining: 98;w=21600`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from updates.registry.errors import RateLimited, RegistryError, Unreachable

MAX_RETRY_AFTER_S = 24 * 3600.0
_UNREACHABLE_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a limit; the window is in seconds, None when unnamed."""

    limit: int
    remaining: int
    window_s: int | None


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, at most a day; None when the header is missing or rubbish."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return min(float(value[:12]), MAX_RETRY_AFTER_S)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(date.timestamp() - now, 0.0), MAX_RETRY_AFTER_S)


def budget(headers: Mapping[str, str]) -> Budget | None:
    """The budget that an answer's headers name; None if they name none."""
    limit, window_s = _quantity(headers.get("ratelimit-limit", ""))
    remaining, _ = _quantity(headers.get("ratelimit-remaining", ""))
    if limit is None or remaining is None:
        return None
    return Budget(limit, remaining, window_s)


def _quantity(value: str) -> tuple[int | None, int | None]:
    amount, _, window = value.partition(";")
    return _number(amount), _number(window.strip().removeprefix("w="))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else None


class Backoff:
    """Keeps a client from asking a registry again that asked for peace, or is not there.

    Without it, a hundred references behind a dead registry wait a hundred times.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = 0.0
        self._error: RegistryError | None = None

    def note(self, error: RegistryError) -> None:
        """Remember an error that concerns the whole registry; others are nobody's business."""
        pause_s = _pause_s(error)
        with self._lock:
            if pause_s and self._clock() + pause_s > self._until:
                self._until, self._error = self._clock() + pause_s, error

    def check(self) -> None:
        """Raises the remembered error, as a new one, while its time lasts."""
        with self._lock:
            left_s, error = self._until - self._clock(), self._error
        if left_s <= 0 or error is None:
            return
        if isinstance(error, RateLimited):
            raise RateLimited(str(error), retry_after_s=left_s)
        raise type(error)(str(error))


def _pause_s(error: RegistryError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after_s or 0.0
    return _UNREACHABLE_PAUSE_S if isinstance(error, Unreachable) else 0.0
