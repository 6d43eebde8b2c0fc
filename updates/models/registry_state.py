"""What workers learned of a registry and share: how it wants to be asked, and how it is."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.models.ending import endings
from updates.registry.sign_in import SignInState

# Of a registry's own certificate: one that renews itself does so in its last thirty days.
OWN_EXPIRY_WARNING = timedelta(days=14)


class RegistryState(models.Model):
    """The columns that no person fills in.

    The hints let the next client ask right at once. `paused_until` is when a 429 lets it be asked
    again; the budget is what the last answer's headers named. The certificate is the one that the
    registry itself showed, and the sign-in is what it made of the credentials, or of having none.
    """

    hint_realm = models.CharField(max_length=500, blank=True, editable=False)
    hint_service = models.CharField(max_length=255, blank=True, editable=False)
    hint_basic = models.BooleanField(default=False, editable=False)
    hint_open = models.BooleanField(default=False, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    pause_reason = models.TextField(blank=True, editable=False)
    budget_limit = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    budget_remaining = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    budget_window_s = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    budget_resets_at = models.DateTimeField(null=True, blank=True, editable=False)
    budget_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(
        gettext_lazy("last good answer"), null=True, blank=True, editable=False
    )
    failed_at = models.DateTimeField(
        gettext_lazy("last failure"), null=True, blank=True, editable=False
    )
    last_error = models.TextField(blank=True, editable=False)
    latency_ms = models.PositiveIntegerField(null=True, blank=True, editable=False)
    ca_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    client_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    certificate_expires_at = models.DateTimeField(
        "end of its certificate", null=True, blank=True, editable=False
    )
    certificate_subject = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False
    )
    certificate_issuer = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False
    )
    sign_in = models.CharField(
        max_length=20,
        choices=[(state.value, state.value) for state in SignInState],
        default=SignInState.UNTRIED.value,
        db_default=SignInState.UNTRIED.value,
        editable=False,
    )
    signed_in_as = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False
    )
    sign_in_refusal = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and self.paused_until > timezone.now()

    @property
    def is_failing(self) -> bool:
        """Whether its last answer was none."""
        if self.failed_at is None:
            return False
        return self.answered_at is None or self.failed_at > self.answered_at

    @property
    def budget_percent(self) -> int | None:
        """How much of the limit is left, 0 to 100; None when it names none."""
        if not self.budget_limit or self.budget_remaining is None:
            return None
        return min(100, round(100 * self.budget_remaining / self.budget_limit))

    @property
    def is_refused(self) -> bool:
        """Whether it did not take the credentials, or wants some where none are saved."""
        return self.sign_in == SignInState.REFUSED

    @property
    def has_ended(self) -> bool:
        """Whether the certificate that it showed is no longer valid."""
        end = self.certificate_expires_at
        return end is not None and end <= timezone.now()

    def own_ending(self) -> str:
        """A sentence when the certificate that it showed has ended or will in 14 days; else ""."""
        end = self.certificate_expires_at
        if end is None or end > timezone.now() + OWN_EXPIRY_WARNING:
            return ""
        day = {"day": f"{end:%Y-%m-%d}"}
        if self.has_ended:
            return _("The certificate of the registry itself ended on %(day)s.") % day
        return _("The certificate of the registry itself ends on %(day)s.") % day

    def forget_sign_in(self) -> None:
        self.sign_in, self.signed_in_as, self.sign_in_refusal = SignInState.UNTRIED.value, "", ""

    def expiring(self) -> list[str]:
        """A sentence for each certificate saved here that has expired or will in 30 days."""
        return [one.sentence for one in endings(self.ca_expires_at, self.client_expires_at)]
