"""What a token service sends: `{"token": ..., "expires_in": ..., "issued_at": ...}`.

Source: distribution's token authentication specification (token.md, oauth.md).
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from updates.registry.errors import NotARegistry
from updates.registry.messages import Answer, host_of
from updates.registry.tokens import Token

_DEFAULT_LIFE_S = 60.0
_MAX_LIFE_S = 24 * 3600.0
_SENDABLE = re.compile(r"[\x21-\x7e]{1,16384}")


def read_token(answer: Answer, *, now: float) -> Token:
    """The token of a 200 answer. `now` is in seconds since the epoch.

    `expires_at` is `issued_at` or now, and `expires_in` or 60 s. Raises NotARegistry.
    """
    host = host_of(answer.url)
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise NotARegistry(f"The token service {host} sends something that is no token.")
    # Old Harbor and some others send "access_token" only.
    value = document.get("token") or document.get("access_token")
    if not isinstance(value, str) or not _SENDABLE.fullmatch(value):
        raise NotARegistry(f"The token service {host} sends no usable token.")
    life_s = _life_s(document.get("expires_in"))
    return Token(value, _issued_at(document.get("issued_at"), now, life_s) + life_s)


def _life_s(value: Any) -> float:
    """Seconds; at least 60, which the specification promises to clients that ignore the field."""
    try:
        life_s = float(value)
    except (TypeError, ValueError):
        return _DEFAULT_LIFE_S
    except OverflowError:
        # A whole number of 400 digits is good JSON.
        return _MAX_LIFE_S if value > 0 else _DEFAULT_LIFE_S
    return min(max(life_s, _DEFAULT_LIFE_S), _MAX_LIFE_S) if life_s == life_s else _DEFAULT_LIFE_S


def _issued_at(value: Any, now: float, life_s: float) -> float:
    """When the token was made, if the server's clock can be believed; else now.

    A server whose clock is slow would otherwise hand out tokens that are never fresh.
    """
    try:
        issued = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return now
    moment = (issued if issued.tzinfo else issued.replace(tzinfo=UTC)).timestamp()
    return moment if now - life_s / 2 < moment <= now else now
