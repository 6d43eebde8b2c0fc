"""Parameters in the address: lists, dates, numbers. A bad one is refused with a sentence."""

import re
from datetime import UTC, datetime

from django.http import QueryDict

from updates.flow.names import MAX_PATTERN_LENGTH
from updates.models import Host
from updates.watchtower_api.answers import Refused
from updates.watchtower_api.durations import seconds_of

MAX_ENTRIES = 500  # Watchtower's history holds as many.
_MAX_VALUES = 200
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def listed(given: QueryDict, name: str) -> tuple[str, ...]:
    """What a parameter lists, repeated or separated by commas; () when it lists nothing."""
    parts = (part.strip() for value in given.getlist(name) for part in value.split(","))
    found = tuple(part for part in parts if part)
    if len(found) > _MAX_VALUES:
        raise Refused(400, f"{name!r} lists more than {_MAX_VALUES} values.")
    if any(len(part) > MAX_PATTERN_LENGTH for part in found):
        raise Refused(400, f"A value of {name!r} has more than {MAX_PATTERN_LENGTH} letters.")
    return found


def hosts(given: QueryDict) -> list[Host]:
    """The hosts that `host` lists; every enabled one if it lists none."""
    names = listed(given, "host")
    if not names:
        return list(Host.objects.enabled())
    found = list(Host.objects.filter(name__in=names))
    if unknown := sorted(set(names) - {host.name for host in found}):
        raise Refused(400, f"There is no host named {', '.join(unknown)}.")
    return found


def timeout_s(given: QueryDict, longest: float) -> float:
    """How long to wait, no longer than `longest`. What is no duration counts as not given."""
    return min(seconds_of(given.get("timeout", "")) or longest, longest)


def moment(given: QueryDict, name: str) -> datetime | None:
    """A time as RFC 3339 has it; None when the parameter is not there."""
    if name not in given:
        return None
    text = given.get(name, "")
    if not text:
        raise Refused(400, f"invalid {name!r} parameter: empty value")
    fits = _MOMENT.fullmatch(text)
    try:
        if fits is None:
            raise ValueError
        fraction = (fits["fraction"] or "")[:7]  # Python reads six digits.
        plain = text.replace(fits["fraction"] or "", fraction, 1)
        return datetime.fromisoformat(plain).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-01-31T23:59:00Z"
        raise Refused(
            400, f"invalid {name!r} parameter: not a time of RFC 3339 such as {example}"
        ) from None


def limit(given: QueryDict) -> int:
    """How many entries at most; 0 and nothing mean as many as there are."""
    text = given.get("limit", "")
    if not text:
        return MAX_ENTRIES
    if not _NUMBER.fullmatch(text):
        raise Refused(400, "invalid 'limit' parameter: not a whole number from 0")
    return min(int(text) or MAX_ENTRIES, MAX_ENTRIES)
