"""A webhook as a form. Its address and its secret are made for it, and are no fields."""

from django import forms
from django.utils.translation import gettext_lazy as _

from updates.forms.window import WindowDaysField
from updates.models import Webhook

_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    window_days = WindowDaysField()

    class Meta:
        model = Webhook
        fields = (
            *("name", "enabled", "kind", "action", "domain"),
            *("window_days", "window_begins", "window_ends", "zone"),
        )
        labels = {"name": _("Name"), "enabled": _("Enabled")}
        widgets = {
            "domain": forms.TextInput(_TYPED),
            "zone": forms.TextInput(_TYPED | {"list": "zones"}),
            "window_begins": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "window_ends": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }

    def save(self, commit: bool = True) -> Webhook:  # noqa: ARG002 - the signature is Django's
        """Keep what a person sets, and nothing that deliveries have written in the meantime."""
        row: Webhook = self.instance
        row.save(update_fields=self.Meta.fields if row.pk else None)
        return row
