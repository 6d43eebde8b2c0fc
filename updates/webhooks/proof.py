"""How a sender proves that it knows the secret. Nothing of the body is read before that."""

import hashlib
import hmac
from collections.abc import Callable, Collection
from contextlib import suppress

from updates.webhooks.errors import Unproven
from updates.webhooks.message import Arrival

# How far a signed time may be from now, in seconds.
TOLERANCE_S = 300
_MISSING = "It came without the secret of this webhook."
_WRONG = "It came with another secret than this webhook has."

Proof = Callable[[str, Arrival, float], bool | None]
"""(secret, arrival, now) -> whether it is right; None if the sender did not try this one."""


def prove(secret: str, arrival: Arrival, proofs: Collection[Proof], now: float) -> None:
    """Raises Unproven if none of the proofs holds, and always where there is no secret.

    `now` is in seconds since the epoch.
    """
    found = [proof(secret, arrival, now) for proof in proofs]
    if secret and True in found:
        return
    is_missing = all(one is None for one in found)
    raise Unproven(_MISSING if is_missing else _WRONG, is_missing=is_missing)


def in_query(secret: str, arrival: Arrival, _: float) -> bool | None:
    """?secret=…, for senders that can neither sign nor add a header."""
    return _is_same(arrival.query.get("secret"), secret)


def in_authorization(secret: str, arrival: Arrival, _: float) -> bool | None:
    """Authorization: …, with the secret alone or after the word Bearer."""
    given = arrival.headers.get("authorization")
    scheme, _space, rest = (given or "").partition(" ")
    return _is_same(rest.strip() if scheme.lower() == "bearer" else given, secret)


def in_gitlab_token(secret: str, arrival: Arrival, _: float) -> bool | None:
    """X-Gitlab-Token: …"""
    return _is_same(arrival.headers.get("x-gitlab-token"), secret)


def hub_signature(secret: str, arrival: Arrival, _: float) -> bool | None:
    """X-Hub-Signature-256: sha256=<HMAC of the body>. Source: GitHub, validating deliveries."""
    given = arrival.headers.get("x-hub-signature-256")
    return _is_same(given, f"sha256={_signature(secret, arrival.body)}")


def gitea_signature(secret: str, arrival: Arrival, _: float) -> bool | None:
    """X-Gitea-Signature, or X-Forgejo-Signature: <HMAC of the body>."""
    names = ("x-gitea-signature", "x-forgejo-signature")
    given = next((arrival.headers[one] for one in names if one in arrival.headers), None)
    return _is_same(given, _signature(secret, arrival.body))


def timed_signature(secret: str, arrival: Arrival, now: float) -> bool | None:
    """X-Watchweb-Signature: sha256=<HMAC of "<time>.<body>">, with the time, in seconds since the
    epoch, in X-Watchweb-Timestamp."""
    given = arrival.headers.get("x-watchweb-signature")
    stamp = arrival.headers.get("x-watchweb-timestamp", "")
    signed = stamp.encode(errors="replace") + b"." + arrival.body
    is_right = _is_same(given, f"sha256={_signature(secret, signed)}")
    return is_right and _is_recent(stamp, now)


def _is_recent(stamp: str, now: float) -> bool:
    with suppress(ValueError, OverflowError):
        return abs(now - int(stamp[:20])) <= TOLERANCE_S
    return False


def _signature(secret: str, data: bytes) -> str:
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def _is_same(given: str | None, wanted: str) -> bool | None:
    """In a time that does not tell how much of it is right."""
    if given is None:
        return None
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
