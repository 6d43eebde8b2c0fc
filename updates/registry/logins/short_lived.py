"""Credentials that a cloud hands out for some hours, in exchange for lasting ones."""

from dataclasses import dataclass

from updates.registry.logins.credentials import Credentials


@dataclass(frozen=True, slots=True)
class ShortLived:
    """`expires_at` is in seconds since the epoch."""

    credentials: Credentials
    expires_at: float
