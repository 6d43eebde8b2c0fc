"""A token for programs: what it is called, what it may do, and for how long; never the token."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PREFIX = "ww_"  # Scanners for leaked secrets find it by this.
_RANDOM_BYTES = 32
_HINT_CHARACTERS = len(PREFIX) + 5
# A program may come a hundred times a second; a list that is a minute behind is good enough.
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


class Scope(models.TextChoices):
    """How far a token reaches; each includes those before it."""

    READ = "read", _("Read: see everything, change nothing")
    UPDATE = "update", _("Update: also start runs, roll back and hold")
    ADMIN = "admin", _("Admin: also add, change and delete hosts and registries")

    def covers(self, other: Scope) -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(other)


# What the owner has to have, at least one of them, for a token to reach so far.
RIGHTS = {
    Scope.READ: (),
    Scope.UPDATE: ("updates.start_run",),
    Scope.ADMIN: tuple(
        f"updates.{verb}_{what}"
        for verb in ("add", "change", "delete")
        for what in ("host", "registry")
    ),
}


def is_open_to(owner: User, scope: Scope) -> bool:
    """Whether the owner's own rights reach as far as this scope, today."""
    rights = RIGHTS[scope]
    return owner.is_active and (not rights or any(owner.has_perm(right) for right in rights))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        """Those that are neither revoked nor expired, of people who may sign in."""
        in_time = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return self.filter(in_time, revoked_at=None, owner__is_active=True)

    def issue(
        self, owner: User, name: str, scope: Scope, expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """A new token's row and the secret, which is nowhere to be had again."""
        secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        row = self.create(
            owner=owner,
            name=name,
            scope=scope,
            expires_at=expires_at,
            digest=digest_of(secret),
            hint=secret[:_HINT_CHARACTERS],
        )
        return row, secret

    def presented(self, secret: str) -> ApiToken | None:
        """The usable token that this is, its use noted; None if it is none.

        One query, and a second one at most once a minute.
        """
        if not secret.startswith(PREFIX):
            return None
        now = timezone.now()
        rows = self.usable(now).select_related("owner")
        row = rows.filter(digest=digest_of(secret)).first()
        if row is not None and row.is_use_due(now):
            self._note_use(row.pk, now)
        return row

    def revoke(self, pk: int) -> bool:
        """Refuse it from now on; False if it was revoked before."""
        return self.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now()) == 1

    def _note_use(self, pk: int, now: datetime) -> None:
        before = models.Q(last_used_at__lte=now - _USE_IS_NOTED_EVERY)
        rows = self.filter(models.Q(last_used_at=None) | before, pk=pk)
        rows.update(last_used_at=now)


class ApiToken(models.Model):
    """A person's token. It never does more than its owner may do today.

    The secret is random enough that its plain SHA-256 tells nothing of it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", editable=False
    )
    name = models.CharField(max_length=100, help_text="What uses it, e.g. backup script.")
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField("expires", null=True, blank=True)
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField("begins with", max_length=16, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=Scope.values), name="a_token_has_a_known_scope"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, scope: Scope) -> bool:
        """Whether the token and its owner's rights reach so far."""
        return Scope(self.scope).covers(scope) and is_open_to(self.owner, scope)

    def is_use_due(self, now: datetime) -> bool:
        """Whether its last use was noted too long ago."""
        return self.last_used_at is None or self.last_used_at <= now - _USE_IS_NOTED_EVERY

    @property
    def state(self) -> str:
        """In a word: usable, expired, revoked."""
        if self.revoked_at is not None:
            return "revoked"
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return "expired" if is_over else "usable"


def digest_of(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
