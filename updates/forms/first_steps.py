"""What the first steps ask for on their page: a host's name and address, and how often."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind
from updates.models import Host, Schedule

_TYPED = {"autocomplete": "off", "spellcheck": "false"}
LOCAL = {"name": "local", "url": "unix:///var/run/docker.sock"}


class FirstHostForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rest, certificates above all, is in the form for hosts."""

    class Meta:
        model = Host
        fields = ("name", "url")
        labels = {"name": _("Name")}
        widgets = {"name": forms.TextInput(_TYPED), "url": forms.TextInput(_TYPED)}


class FirstScheduleForm(forms.Form):
    """One of three usual ways."""

    WAYS = {
        "nightly": ("Every night", Kind.UPDATE, "0 4 * * *"),
        "weekly": ("Every Sunday night", Kind.UPDATE, "0 4 * * 0"),
        "look": ("Look every six hours", Kind.SCAN, "6h"),
    }
    way = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("nightly", _("Update every night at 4:00")),
            ("weekly", _("Update in the night to Sunday at 4:00")),
            ("look", _("Only look, every six hours: I press Update myself")),
        ],
        initial="nightly",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of them."),
            "invalid_choice": _("Choose one of them."),
        },
    )

    def save(self) -> Schedule:
        """For all hosts, in the person's time zone."""
        name, kind, when = self.WAYS[self.cleaned_data["way"]]
        zone = timezone.get_current_timezone_name()
        row, is_new = Schedule.objects.get_or_create(
            name=name, defaults={"kind": kind.value, "when": when, "zone": zone}
        )
        if is_new:
            row.plan(timezone.now())
            row.save(update_fields=["next_at"])
        return row
