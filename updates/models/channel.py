"""Where news goes, and which news: one row per receiver."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.flow.names import matches
from updates.models.encrypted import EncryptedTextField
from updates.models.host import Host

MAX_TEMPLATE = 10_000


class Event(models.TextChoices):
    """What can be told. The last of each pair says that the trouble is over."""

    UPDATE_AVAILABLE = "update_available", _("Update available")
    UPDATED = "updated", _("Updated")
    RESTARTED = "restarted", _("Restarted with another")
    ROLLED_BACK = "rolled_back", _("Rolled back")
    FAILED = "failed", _("Update failed")
    SKIPPED = "skipped", _("Skipped")
    HOST_AWAY = "host_away", _("Host unreachable")
    HOST_BACK = "host_back", _("Host reachable again")
    RUN_FAILED = "run_failed", _("Run broken off")
    REGISTRY_FAILING = "registry_failing", _("Registry failing")
    REGISTRY_BACK = "registry_back", _("Registry answers again")


class Severity(models.IntegerChoices):
    INFO = 1, _("Everything")
    WARNING = 2, _("Warnings and errors")
    ERROR = 3, _("Errors only")


# Good news of a trouble is for whoever heard of the trouble.
GOOD_NEWS = {Event.HOST_BACK: Event.HOST_AWAY, Event.REGISTRY_BACK: Event.REGISTRY_FAILING}
SEVERITIES = {
    Event.ROLLED_BACK: Severity.ERROR,
    Event.FAILED: Severity.ERROR,
    Event.HOST_AWAY: Severity.ERROR,
    Event.RUN_FAILED: Severity.ERROR,
    Event.REGISTRY_FAILING: Severity.WARNING,
    Event.SKIPPED: Severity.WARNING,
}
USUAL_EVENTS = tuple(
    event.value for event in Event if event not in (Event.RESTARTED, Event.SKIPPED)
)


def usual_events() -> list[str]:
    return list(USUAL_EVENTS)


def severity_of(event: Event) -> Severity:
    """How bad it is. Source: the levels of Watchtower's log entries."""
    return SEVERITIES.get(event, Severity.INFO)


class ChannelQuerySet(models.QuerySet["Channel"]):
    def enabled(self) -> ChannelQuerySet:
        return self.filter(enabled=True)


class Channel(models.Model):
    """A receiver with its rules. No page, log line or error text has its address with secrets."""

    class Kind(models.TextChoices):
        APPRISE = "apprise", _("A service, by its Apprise URL")
        EMAIL = "email", _("E-mail")

    class Digest(models.IntegerChoices):
        AT_ONCE = 0, _("At once, one message per run")
        HOURLY = 60, _("Gathered for an hour")
        DAILY = 1440, _("Gathered for a day")
        WEEKLY = 10080, _("Gathered for a week")

    class Preset(models.TextChoices):
        SHORT = "short", _("Short")
        WATCHTOWER = "watchtower", _("Watchtower's report")
        PORCELAIN = "porcelain", _("Watchtower's porcelain v1")
        OWN = "own", _("My own template")

    name = models.CharField(max_length=100, unique=True)
    enabled = models.BooleanField(default=True, help_text=_("Without it nothing is sent."))
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.APPRISE)
    url = EncryptedTextField(_("Apprise URL"), blank=True)
    addresses = models.TextField(
        blank=True, help_text=_("E-mail addresses, separated by commas or line ends.")
    )
    service = models.CharField(max_length=200, blank=True, editable=False)
    events = models.JSONField(default=usual_events)
    hosts = models.ManyToManyField(Host, blank=True, help_text=_("None chosen: all of them."))
    containers = models.TextField(
        blank=True,
        help_text=_(
            "Names, * and ? are wildcards; one a line or separated by commas. "
            "Empty: every container."
        ),
    )
    min_severity = models.PositiveSmallIntegerField(
        _("at least"), choices=Severity.choices, default=Severity.INFO
    )
    digest_minutes = models.PositiveIntegerField(
        _("when"), choices=Digest.choices, default=Digest.AT_ONCE
    )
    quiet_from = models.TimeField(
        null=True, blank=True, help_text=_("From then on messages wait, e.g. 22:00.")
    )
    quiet_until = models.TimeField(
        null=True, blank=True, help_text=_("Then they are sent, e.g. 7:00.")
    )
    zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        help_text=_("Of the quiet hours, e.g. Europe/Rome."),
    )
    preset = models.CharField(
        _("text"), max_length=12, choices=Preset.choices, default=Preset.SHORT
    )
    title = models.CharField(
        max_length=300,
        blank=True,
        default="Watchweb: {{ summary }}",
        help_text=_("A template too. Empty: no title."),
    )
    template = models.TextField(blank=True, max_length=MAX_TEMPLATE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channel", args=[self.pk])

    def clean(self) -> None:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValidationError(
                {"quiet_until": gettext("Quiet hours need both: a begin and an end.")}
            )
        if self.zone not in available_timezones():
            raise ValidationError(
                {"zone": gettext("There is no such time zone. One is Europe/Rome.")}
            )
        if self.preset == self.Preset.OWN and not self.template.strip():
            raise ValidationError(
                {"template": gettext("Write the text, or choose one of the others.")}
            )
        for address in self.recipients():
            try:
                validate_email(address)
            except ValidationError:
                said = gettext("%(address)s is no e-mail address.") % {"address": address}
                raise ValidationError({"addresses": said}) from None

    def recipients(self) -> tuple[str, ...]:
        return _listed(self.addresses)

    def patterns(self) -> tuple[str, ...]:
        """Names of containers; () are all."""
        return _listed(self.containers)

    def wants(self, event: Event) -> bool:
        """Whether its rules let this kind of news through."""
        if event not in self.events:
            return False
        return severity_of(GOOD_NEWS.get(event, event)) >= self.min_severity

    def covers(self, container: str) -> bool:
        return not self.patterns() or any(matches(one, container) for one in self.patterns())

    def is_quiet(self, moment: datetime) -> bool:
        """Whether the moment is in its quiet hours, which may go past midnight."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        clock = moment.astimezone(ZoneInfo(self.zone)).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    @property
    def gathers_for(self) -> timedelta:
        return timedelta(minutes=self.digest_minutes)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
