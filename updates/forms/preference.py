"""How a person likes the pages."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from updates.models import Preference


def languages() -> list[tuple[str, object]]:
    """Each by its own name, so that whoever is lost in another one finds theirs."""
    names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("As the browser asks")), *((code, name.capitalize()) for code, name in names)]


class PreferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(choices=languages, required=False, label=_("Language"))

    class Meta:
        model = Preference
        fields = ("theme", "language", "time_zone")
        labels = {"theme": _("Colours"), "time_zone": _("Time zone")}
        widgets = {
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"})
        }

    @property
    def zones(self) -> list[str]:
        """What the field offers while one types."""
        return sorted(name for name in available_timezones() if "/" in name or name == "UTC")
