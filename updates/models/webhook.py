"""Where registries tell of a push: one row per sender."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind as RunKind
from updates.models.encrypted import EncryptedTextField
from updates.models.schedule import default_zone
from updates.registry.errors import InvalidReference
from updates.registry.reference import normalize_domain
from updates.timetable.errors import BadTimetable
from updates.timetable.when import zone_of
from updates.timetable.window import Window
from updates.webhooks.senders import SENDERS, Kind, Sender

# As many deliveries as a webhook takes in a minute; more are to come again later.
TURN = timedelta(minutes=1)
MAX_PER_TURN = 300
# A refusal is noted no more often, so that nobody without the secret keeps the database busy.
REFUSAL_PAUSE = timedelta(seconds=5)
_NOT_FOR_CHECKS = _("A check changes nothing, so it needs no window: leave it empty.")
_BOTH = _("A window has a beginning and an end: give both.")


def new_address() -> str:
    """128 random bits: nobody finds a webhook by trying."""
    return secrets.token_hex(16)


def new_secret() -> str:
    """Digits alone: nothing in it has a meaning in a shell, an address or YAML."""
    return secrets.token_hex(32)


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def take_turn(self, pk: int, now: datetime) -> bool:
        """Count a delivery; False if this minute's are used up. The row is locked from then on."""
        if self._count(pk, now):
            return True
        is_over = Q(turn_began_at=None) | Q(turn_began_at__lte=now - TURN)
        if self.filter(is_over, pk=pk).update(turn_began_at=now, turns=1):
            return True
        return self._count(pk, now)  # Another one began the minute in between.

    def _count(self, pk: int, now: datetime) -> bool:
        rows = self.filter(pk=pk, turn_began_at__gt=now - TURN, turns__lt=MAX_PER_TURN)
        return rows.update(turns=F("turns") + 1) == 1

    def note_refusal(self, pk: int, why: str, now: datetime) -> None:
        """Keep why a delivery was not let in, for whoever sets the sender up."""
        is_due = Q(refused_at=None) | Q(refused_at__lte=now - REFUSAL_PAUSE)
        self.filter(is_due, pk=pk).update(refused_at=now, refusal=why)


class Webhook(models.Model):
    """Who may tell of a push, and what a push leads to. No page shows its secret a second time."""

    class Action(models.TextChoices):
        CHECK = RunKind.SCAN.value, _("Check only")
        UPDATE = RunKind.UPDATE.value, _("Check and update")

    name = models.CharField(max_length=100, unique=True, help_text=_("What it is called here."))
    enabled = models.BooleanField(default=True)
    kind = models.CharField(
        _("sender"),
        max_length=20,
        choices=[(kind.value, _(one.label)) for kind, one in SENDERS.items()],
    )
    action = models.CharField(
        _("a push leads to"),
        max_length=10,
        choices=Action.choices,
        default=Action.CHECK,
        help_text=_(
            "An update keeps to all settings: what is set to monitor only is only checked."
        ),
    )
    domain = models.CharField(
        _("registry"),
        max_length=255,
        blank=True,
        help_text=_(
            "The registry's address as containers have it, if the sender names another: "
            "registry.example.com:5000. Empty: as the sender says."
        ),
    )
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_zone,
        help_text=_("Of the window, e.g. Europe/Berlin."),
    )
    window_days = models.JSONField(_("days of the window"), default=list, blank=True)
    window_begins = models.TimeField(_("window begins"), null=True, blank=True)
    window_ends = models.TimeField(
        _("window ends"),
        null=True,
        blank=True,
        help_text=_(
            "Earlier than it begins: on the next day. Outside of the window a push is only "
            "checked; a schedule can update it later."
        ),
    )
    address = models.CharField(max_length=40, unique=True, default=new_address, editable=False)
    secret = EncryptedTextField(default=new_secret, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    turn_began_at = models.DateTimeField(null=True, editable=False)
    turns = models.PositiveIntegerField(default=0, editable=False)
    refused_at = models.DateTimeField("last refused", null=True, editable=False)
    refusal = models.TextField(blank=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhook", args=[self.pk])

    def clean(self) -> None:
        errors: dict[str, str] = {}
        if self.domain:
            try:
                self.domain = normalize_domain(self.domain)
            except InvalidReference as error:
                errors["domain"] = str(error)
        errors |= self._faults_of_window()
        if errors:
            raise ValidationError(errors)

    def rotate(self) -> str:
        """Give it another secret, which is returned; the one before counts no more."""
        secret = new_secret()
        Webhook.objects.filter(pk=self.pk).update(secret=secret)
        return secret

    @property
    def sender(self) -> Sender:
        return SENDERS[Kind(self.kind)]

    @property
    def path(self) -> str:
        """Where deliveries go; the secret is not in it."""
        return reverse("hook", args=[self.address])

    @property
    def has_window(self) -> bool:
        return bool(self.window_days) or self.window_begins is not None

    @property
    def window(self) -> Window | None:
        """When updates may be made; None is always. Raises BadTimetable."""
        if not self.has_window:
            return None
        begins, ends = self.window_begins or time(), self.window_ends or time()
        return Window.of(self.window_days, begins, ends, zone_of(self.zone))

    def may_update(self, now: datetime | None = None) -> bool:
        """Whether its window is open."""
        window = self.window
        return window is None or window.is_open(now or timezone.now())

    def _faults_of_window(self) -> dict[str, str]:
        if (self.window_begins is None) != (self.window_ends is None):
            missing = "window_begins" if self.window_begins is None else "window_ends"
            return {missing: str(_BOTH)}
        if self.has_window and self.action == self.Action.CHECK:
            return {"window_begins": str(_NOT_FOR_CHECKS)}
        try:
            zone_of(self.zone)
        except BadTimetable as error:
            return {"zone": str(error)}
        try:
            _ = self.window
        except BadTimetable as error:
            return {"window_ends": str(error)}
        return {}
