"""Durations as Go writes and reads them: "1m30s", "250ms". Source: Go's time.ParseDuration."""

import re

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_WHOLE = re.compile(rf"\+?(?:{_PART.pattern})+")
_MAX_LETTERS = 50


def seconds_of(text: str) -> float | None:
    """How long that is; None if it is no duration, or not above zero."""
    if len(text) > _MAX_LETTERS or not _WHOLE.fullmatch(text):
        return None
    parts = _PART.findall(text)
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) or None


def words_of(milliseconds: int) -> str:
    """ "1h2m3.5s", "250ms", "0s"."""
    if milliseconds == 0:
        return "0s"
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    front = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{front}{seconds}{fraction}s"
