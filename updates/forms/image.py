"""Which image of a registry a connection is tested with."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.models import Registry
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference
from updates.runs.probe import known_references, reference_of


class ImageForm(forms.Form):
    """One of the registry's known images, or another one; none at all is allowed too."""

    reference: Reference | None = None
    known = forms.ChoiceField(label=gettext_lazy("Image"), required=False)
    typed = forms.CharField(
        label=gettext_lazy("Or another image"),
        required=False,
        max_length=500,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, row: Registry, data: Mapping[str, Any] | None = None) -> None:
        self.row = row
        super().__init__(data, prefix="test")
        choices = [(text, Reference.parse(text).familiar) for text in known_references(row)]
        none = ("", _("None: stop before the image"))
        self.fields["known"].choices = [*choices, none]  # type: ignore[attr-defined]
        self.fields["known"].initial = choices[0][0] if choices else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if text := cleaned.get("typed") or cleaned.get("known"):
            try:
                self.reference = reference_of(self.row, text)
            except InvalidReference as error:
                raise forms.ValidationError({"typed": str(error)}) from error
        return cleaned
