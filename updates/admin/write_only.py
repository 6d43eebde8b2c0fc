"""A secret's field: it can be set and cleared, and is never sent back to a browser."""

from typing import Any

from django import forms
from django.forms.models import ModelForm


class WriteOnlyField(forms.CharField):
    """Empty keeps what is saved; the word `clear` takes it away."""

    CLEAR = "clear"
    KEEPS = "One is saved, encrypted and never shown. Empty keeps it; “clear” removes it."

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        widget: forms.Widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        if rows:
            widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
        help_text = "Stored encrypted and never shown."
        super().__init__(required=False, widget=widget, help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> str:
        return ""


class WriteOnlyForm(ModelForm):  # type: ignore[type-arg]
    """A model's form whose `secrets` are write-only fields."""

    secrets: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            if name in self.fields and getattr(self.instance, name):
                self.fields[name].help_text = WriteOnlyField.KEEPS

    def clean(self) -> dict[str, Any]:
        """Put what is saved back where nothing was typed, so that the row's own checks see it."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.secrets:
            typed = cleaned.get(name, "")
            if typed == WriteOnlyField.CLEAR:
                cleaned[name] = ""
            elif not typed:
                cleaned[name] = getattr(self.instance, name)
        return cleaned
