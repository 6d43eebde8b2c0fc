"""Who a registry and Watchweb were to each other: the certificate it showed, and the sign-in."""

from typing import Any

from updates.registry.sign_in import UNTRIED, SignIn, refused_with
from updates.runs.access import Access

PRESENTED = (
    "certificate_expires_at",
    "certificate_subject",
    "certificate_issuer",
    "sign_in",
    "signed_in_as",
    "sign_in_refusal",
)
_MAX_NAME_CHARS = 255


def take_in(access: Access) -> bool:
    """Put it into the registry's row, as far as it was seen; True if the row is another then."""
    row, seen = access.row, _certificate(access) | _sign_in(access)
    is_news = any(getattr(row, name) != value for name, value in seen.items())
    for name, value in seen.items():
        setattr(row, name, value)
    return is_news


def _certificate(access: Access) -> dict[str, Any]:
    shown = access.made.certificate if access.made else None
    if access.row.plain_http:
        return dict(zip(PRESENTED[:3], (None, "", ""), strict=True))
    if shown is None:
        return {}
    return dict(zip(PRESENTED[:3], (shown.not_after, shown.subject, shown.issuer), strict=True))


def _sign_in(access: Access) -> dict[str, Any]:
    told = _told(access)
    if told == UNTRIED:
        return {}
    values = (told.state.value, told.name[:_MAX_NAME_CHARS], told.refusal)
    return dict(zip(PRESENTED[3:], values, strict=True))


def _told(access: Access) -> SignIn:
    """What the registry said, or whoever lends the credentials for it and refused to."""
    if access.made is not None:
        return access.made.sign_in
    return refused_with(access.trouble) if access.is_refused else UNTRIED
