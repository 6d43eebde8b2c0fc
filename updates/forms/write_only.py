"""A secret's field: it can be set and cleared, and is never sent back to a browser."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import ModelForm
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class WriteOnlyField(forms.CharField):
    """Empty keeps what is saved; the word `clear` takes it away. `purpose` begins its help."""

    CLEAR = "clear"
    KEEPS = _("One is saved, encrypted and never shown. Empty keeps it; “clear” removes it.")
    TAKES = _("Stored encrypted and never shown.")
    AGAIN = _("What was entered is not sent back: enter it again.")

    def __init__(self, *, rows: int = 0, purpose: "StrOrPromise" = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(required=False, widget=_secret_input(rows), **kwargs)
        self.describe(is_saved=False)

    def prepare_value(self, value: Any) -> str:  # noqa: ARG002 - whatever it is
        return ""

    def describe(self, *, is_saved: bool, was_sent: bool = False) -> None:
        """Say what the field is for, whether there is anything to keep, or to enter once more."""
        words: list[StrOrPromise] = [self.KEEPS if is_saved else self.TAKES]
        if self.purpose:
            words.insert(0, self.purpose)
        if was_sent:
            words.append(self.AGAIN)
        self.help_text = format_lazy(" ".join(["{}"] * len(words)), *words)

    def widen(self, *, rows: int) -> None:
        """Take several lines."""
        self.widget = _secret_input(rows)


class PublicPemField(forms.CharField):
    """PEM that may be shown again, unless a private key was pasted with it."""

    def prepare_value(self, value: Any) -> Any:
        return "" if "PRIVATE KEY-----" in str(value or "") else value


class WriteOnlyForm(ModelForm):  # type: ignore[type-arg]
    """A model's form whose `secrets` are write-only fields."""

    secrets: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            field = self.fields.get(name)
            if isinstance(field, WriteOnlyField):
                field.describe(is_saved=self.has_saved(name), was_sent=self.was_sent(name))

    def has_saved(self, name: str) -> bool:
        return bool(getattr(self.instance, name))

    def was_sent(self, name: str) -> bool:
        """Whether something was typed there; a form that is shown again was refused."""
        return bool(self.is_bound and self.data.get(self.add_prefix(name)))

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


def _secret_input(rows: int) -> forms.Widget:
    if rows:
        return forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})
