"""A notification channel's form. Its URL is write-only."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.forms.write_only import WriteOnlyField, WriteOnlyForm
from updates.models import Channel
from updates.models.channel import Event, usual_events
from updates.models.run import UpdateRun
from updates.notifications.rendering import TemplateTrouble, check
from updates.notifications.sending import CannotSend, service_of
from updates.notifications.shoutrrr import is_shoutrrr

PREVIEWED = 20
_SHOUTRRR = _(
    "It looks like a URL of shoutrrr, as Watchtower has them: "
    "manage.py translatenotifications prints the one for Apprise."
)


class ChannelForm(WriteOnlyForm):
    """Refuses what could not be sent: a URL that Apprise does not know, a template that fails."""

    secrets = ("url",)
    url = WriteOnlyField(
        label=_("Apprise URL"),
        purpose=_("E.g. ntfys://ntfy.sh/topic or gotifys://push.example.com/token."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=Event.choices,
        initial=usual_events,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Channel
        fields = (
            "name",
            "enabled",
            "kind",
            "url",
            "addresses",
            "events",
            "min_severity",
            "hosts",
            "containers",
            "digest_minutes",
            "quiet_from",
            "quiet_until",
            "zone",
            "preset",
            "title",
            "template",
        )
        labels = {
            "name": _("Name"),
            "enabled": _("Enabled"),
            "kind": _("Kind"),
            "addresses": _("Addresses"),
            "hosts": _("Hosts"),
            "containers": _("Containers"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("Quiet until"),
            "title": _("Title"),
            "template": _("Template"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "addresses": forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
            "containers": forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
            "hosts": forms.CheckboxSelectMultiple,
            "template": forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"placeholder": "22:00"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"placeholder": "7:00"}),
        }

    def clean_events(self) -> list[str]:
        if not (chosen := self.cleaned_data["events"]):
            said = gettext("Choose at least one: a channel without news is none.")
            raise forms.ValidationError(said)
        return list(chosen)

    def clean_title(self) -> str:
        return self._checked("title")

    def clean_template(self) -> str:
        return self._checked("template")

    def _checked(self, name: str) -> str:
        """The template in this field. Raises ValidationError with the line it fails in."""
        source = str(self.cleaned_data[name])
        try:
            check(source)
        except TemplateTrouble as error:
            raise forms.ValidationError(str(error)) from None
        return source

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == Channel.Kind.EMAIL:
            self.instance.service = "e-mail"
            if not cleaned.get("addresses", "").strip():
                self.add_error("addresses", gettext("Give at least one e-mail address."))
        elif cleaned.get("kind") == Channel.Kind.APPRISE:
            self._check_url(cleaned.get("url", ""))
        return cleaned

    def _check_url(self, url: str) -> None:
        if not url:
            self.add_error("url", gettext("Give the Apprise URL of the service."))
            return
        try:
            self.instance.service = service_of(url)
        except CannotSend as error:
            hint = f" {_SHOUTRRR}" if is_shoutrrr(url) else ""
            self.add_error("url", f"{error}{hint}")


class PreviewForm(forms.Form):
    """The run that a preview is about: one of the last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = list(UpdateRun.objects.exclude(finished_at=None)[:PREVIEWED])
        self.fields["run"] = forms.TypedChoiceField(
            label=_("Past run"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(run.pk, f"{run}, {run.created_at:%Y-%m-%d %H:%M}") for run in self.last],
        )

    def chosen(self) -> UpdateRun | None:
        """The chosen run, or the last one; None when there is none."""
        pk = self.cleaned_data.get("run") if self.is_bound and self.is_valid() else None
        by_key = {run.pk: run for run in self.last}
        return by_key.get(pk or 0) or next(iter(self.last), None)
