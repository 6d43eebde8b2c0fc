"""How a person likes the pages."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def is_time_zone(name: str) -> None:
    """Raises ValidationError for a name that is in no time zone database."""
    if name not in available_timezones():
        raise ValidationError(
            _("There is no such time zone; it is a name as Europe/Berlin or UTC.")
        )


class Preference(models.Model):
    """One row a person; who has none gets what the defaults say."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[is_time_zone],
        help_text=_("A name as Europe/Berlin. Empty: the installation's."),
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="Of the pages; empty: the one that the browser asks for.",
    )
    columns = models.JSONField(default=list, blank=True, editable=False)
    put_off = models.CharField(
        "first steps put off",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Names of steps, separated by spaces.",
    )

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
