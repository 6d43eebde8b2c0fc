"""Signing in, failing to, signing out."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from updates.audit.record import record
from updates.models.audit import Deed

# Whoever types the password into the wrong field would find it in the trail.
UNKNOWN = "a name that nobody has"


def begin() -> None:
    """Connect it; once, at start."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_refused, dispatch_uid="audit")


def _signed_in(user: User, **_: Any) -> None:
    record(Deed.SIGNED_IN, username=user.get_username())


def _signed_out(user: User | None = None, **_: Any) -> None:
    if user is not None:
        record(Deed.SIGNED_OUT, username=user.get_username())


def _refused(credentials: dict[str, Any], **_: Any) -> None:
    """By the name that was tried, if somebody is called so."""
    tried = str(credentials.get("username") or "")
    is_known = "\0" not in tried and User.objects.filter(username=tried).exists()
    record(Deed.REFUSED, "" if is_known else UNKNOWN, username=tried if is_known else "")
