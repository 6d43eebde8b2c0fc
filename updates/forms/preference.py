"""How a person likes the pages."""

from zoneinfo import available_timezones

from django import forms

from updates.models import Preference


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Preference
        fields = ("theme", "time_zone")
        labels = {"theme": "Colours", "time_zone": "Time zone"}
        widgets = {
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})
        }

    @property
    def zones(self) -> list[str]:
        """What the field offers while one types."""
        return sorted(name for name in available_timezones() if "/" in name or name == "UTC")
