"""What is to be done to many containers at once."""

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(TextChoices):
    SCAN = "scan", _("Check now")
    UPDATE = "update", pgettext_lazy("verb", "Update")
    HOLD = "hold", pgettext_lazy("verb", "Hold")
    RELEASE = "release", pgettext_lazy("verb", "Release")
    SKIP = "skip", _("Skip this version")


class ContainerActForm(forms.Form):
    """`confirmed`: it was said what will happen. `reason` goes with a hold or a skipped version."""

    act = forms.ChoiceField(choices=Act.choices)
    confirmed = forms.BooleanField(required=False)
    reason = forms.CharField(
        max_length=1000,
        required=False,
        label=_("Why"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Others read it beside the container; it may stay empty."),
    )

    @property
    def chosen(self) -> Act:
        return Act(self.cleaned_data["act"])
