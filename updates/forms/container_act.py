"""What is to be done to many containers at once."""

from django import forms
from django.db.models import TextChoices


class Act(TextChoices):
    SCAN = "scan", "Check now"
    UPDATE = "update", "Update"
    HOLD = "hold", "Hold"
    RELEASE = "release", "Release"
    SKIP = "skip", "Skip this version"


class ContainerActForm(forms.Form):
    """`confirmed`: it was said what will happen. `reason` goes with a hold or a skipped version."""

    act = forms.ChoiceField(choices=Act.choices)
    confirmed = forms.BooleanField(required=False)
    reason = forms.CharField(
        max_length=1000,
        required=False,
        label="Why",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Others read it beside the container; it may stay empty.",
    )

    @property
    def chosen(self) -> Act:
        return Act(self.cleaned_data["act"])
