"""Whom registries without a trust of their own are believed by: the settings for all of them."""

import logging
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from updates.registry.errors import TrustError
from updates.registry.trust import TrustDefaults, load_ca_file

logger = logging.getLogger(__name__)


def trust_defaults() -> TrustDefaults:
    """WATCHWEB_REGISTRY_CA and WATCHWEB_INSECURE_REGISTRY as values.

    What has expired is left out, and so is a bundle that cannot be used at all; the log says so.
    WATCHWEB_REGISTRY_CA_VALIDATE is what makes the start fail.
    """
    path = settings.WATCHWEB_REGISTRY_CA
    pem = _read(path, _changed_at(path)) if path else ""
    return TrustDefaults(ca_pem=pem, insecure=settings.WATCHWEB_INSECURE_REGISTRY)


def complaint_about_trust() -> str:
    """Why the settings cannot be used, in one line; "" when they can."""
    path = settings.WATCHWEB_REGISTRY_CA
    if not path and settings.WATCHWEB_REGISTRY_CA_VALIDATE:
        return "WATCHWEB_REGISTRY_CA_VALIDATE is set, but WATCHWEB_REGISTRY_CA names no file."
    if not path:
        return ""
    try:
        load_ca_file(path, now=datetime.now(UTC))
    except TrustError as error:
        return f"WATCHWEB_REGISTRY_CA ({path}): {error}"
    return ""


@lru_cache(maxsize=4)
def _read(path: str, changed_at: float) -> str:  # noqa: ARG001 - a changed file is read again
    try:
        return load_ca_file(path, now=datetime.now(UTC), expired_may_stay=True).pem
    except TrustError as error:
        logger.warning("registry CA left out path=%s reason=%s", path, error)
        return ""


def _changed_at(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0
