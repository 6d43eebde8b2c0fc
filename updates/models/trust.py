"""Whom registries without a trust of their own are believed by: the settings for all of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from updates.models.ending import EXPIRY_WARNING
from updates.registry.errors import TrustError
from updates.registry.tls.trust import CABundle, TrustDefaults, load_ca_file


@dataclass(frozen=True, slots=True)
class _Read:
    """What is in the file: the bundle, or why there is none."""

    bundle: CABundle | None
    complaint: str = ""


def trust_defaults() -> TrustDefaults:
    """WATCHWEB_REGISTRY_CA and WATCHWEB_INSECURE_REGISTRY as values.

    What has expired is left out, and so is a bundle that cannot be used at all: a system check and
    the dashboard say so. WATCHWEB_REGISTRY_CA_VALIDATE is what makes the start fail.
    """
    bundle = _current().bundle
    pem = bundle.pem if bundle else ""
    return TrustDefaults(ca_pem=pem, insecure=settings.WATCHWEB_INSECURE_REGISTRY)


def as_environment() -> dict[str, str]:
    """The settings as this process has them, as the environment of another one."""
    path = settings.WATCHWEB_REGISTRY_CA
    return {
        "WATCHWEB_REGISTRY_CA": str(Path(path).absolute()) if path else "",
        "WATCHWEB_REGISTRY_CA_VALIDATE": str(int(settings.WATCHWEB_REGISTRY_CA_VALIDATE)),
        "WATCHWEB_INSECURE_REGISTRY": str(int(settings.WATCHWEB_INSECURE_REGISTRY)),
    }


def why_left_out() -> str:
    """Why the bundle is not used, in one line; "" when it is, or when there is none."""
    return _current().complaint


def ending_soon() -> str:
    """A sentence when certificates of the bundle end within 30 days, or have; else ""."""
    bundle, now = _current().bundle, datetime.now(UTC)
    held = bundle.certificates if bundle else ()
    days = EXPIRY_WARNING.days
    soon = [one.not_after for one in held if one.expires_within(days, now=now)]
    if not soon:
        return ""
    first = f"{min(soon):%Y-%m-%d}"
    if len(soon) == 1:
        return _("A certificate of it ends on %(day)s.") % {"day": first}
    said = _("%(soon)d of its %(all)d certificates end soon, the first on %(day)s.")
    return said % {"soon": len(soon), "all": len(held), "day": first}


def bundle_ends_at() -> datetime | None:
    """When the first certificate of the bundle ends; None without a bundle that is used."""
    bundle = _current().bundle
    return min((one.not_after for one in bundle.certificates), default=None) if bundle else None


def complaint_about_trust() -> str:
    """Why a start that asks for validation fails, in one line; "" when all is well.

    Stricter than what is used: it takes no bundle with a certificate that has expired.
    """
    path = settings.WATCHWEB_REGISTRY_CA
    if not path and settings.WATCHWEB_REGISTRY_CA_VALIDATE:
        return "WATCHWEB_REGISTRY_CA_VALIDATE is set, but WATCHWEB_REGISTRY_CA names no file."
    if not path:
        return ""
    try:
        load_ca_file(path, now=datetime.now(UTC))
    except TrustError as error:
        return _about(path, error)
    return ""


def _current() -> _Read:
    """The file as it is now; it is read again when it has changed."""
    path = settings.WATCHWEB_REGISTRY_CA
    return _read(path, _changed_at(path)) if path else _Read(None)


@lru_cache(maxsize=4)
def _read(path: str, changed_at: float) -> _Read:  # noqa: ARG001 - it tells one version from another
    try:
        return _Read(load_ca_file(path, now=datetime.now(UTC), expired_may_stay=True))
    except TrustError as error:
        return _Read(None, _about(path, error))


def _about(path: str, error: TrustError) -> str:
    return f"WATCHWEB_REGISTRY_CA ({path}): {error}"


def _changed_at(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0
