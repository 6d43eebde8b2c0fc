"""The settings of one level as a form: a field each, empty for what is inherited."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from updates.flow.policy import Effective
from updates.flow.setting import About, Group, Level
from updates.flow.settings import catalogue, switch
from updates.flow.values import BadValue, YesNo
from updates.models import Policy

_FROM = {
    Level.ENVIRONMENT: gettext_noop("%(value)s, from the environment"),
    Level.GLOBAL: gettext_noop("%(value)s, from the settings for everything"),
    Level.HOST: gettext_noop("%(value)s, from the host"),
    Level.CONTAINER: gettext_noop("%(value)s, from the container"),
    Level.RUN: gettext_noop("%(value)s, from the run"),
    Level.LABEL: gettext_noop("%(value)s, from the label"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One setting on the page: its field, and what counts in the end."""

    field: BoundField
    shown: str
    origin: str
    label: str

    @property
    def is_set(self) -> bool:
        """Whether something is typed here."""
        return bool(self.field.value())


class PolicyForm(forms.Form):
    """What is typed is read by the setting's own kind; the row keeps what is not empty.

    `effective` is what counts now; `inherited` what would count if nothing were set here.
    """

    def __init__(
        self, policy: Policy, effective: Effective, inherited: Effective, data: QueryDict | None
    ) -> None:
        super().__init__(data)
        self.policy = policy
        self.effective = effective
        for name, about in catalogue().items():
            if policy.level in about.levels():
                self.fields[name] = _field(name, about, policy.values.get(name), inherited)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in [name for name in self.fields if cleaned.get(name)]:
            try:
                catalogue()[name].kind.read(cleaned[name])
            except BadValue as error:
                self.add_error(name, _("It %(complaint)s") % {"complaint": error})
        return cleaned

    def save(self) -> Policy:
        """Keep what was typed; a level at which nothing is set needs no row."""
        self.policy.values = {name: text for name, text in self.cleaned_data.items() if text}
        if self.policy.values:
            self.policy.save()
        elif self.policy.pk:
            self.policy.delete()
        return self.policy

    def groups(self) -> Iterator[tuple[Group, list[Row]]]:
        """The rows under their headings."""
        for group in Group:
            rows = [self._row(name) for name in self.fields if catalogue()[name].group is group]
            if rows:
                yield group, rows

    def _row(self, name: str) -> Row:
        about, origin = catalogue()[name], self.effective.origins[name]
        shown = _shown(about, getattr(self.effective.settings, name))
        return Row(self[name], shown, str(origin), f"watchweb.{about.label}" if about.label else "")


def _field(name: str, about: About, value: Any, inherited: Effective) -> forms.Field:
    origin = inherited.origins[name]
    shown = _shown(about, getattr(inherited.settings, name))
    said = shown if origin is Level.DEFAULT else _(_FROM[origin]) % {"value": shown}
    typed = "" if value is None else about.kind.show(value)
    how: dict[str, Any] = {"label": switch(name), "help_text": _(about.text), "required": False}
    if isinstance(about.kind, YesNo):
        choices = [
            ("", _("default: %(value)s") % {"value": said} if origin is Level.DEFAULT else said),
            ("yes", _("yes")),
            ("no", _("no")),
        ]
        return forms.ChoiceField(choices=choices, initial=typed, **how)
    attributes = {"placeholder": said, "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(initial=typed, widget=forms.TextInput(attributes), **how)


def _shown(about: About, value: Any) -> str:
    """A value in words: "not set" for one that is empty."""
    if value in (None, "", ()):
        return _("not set")
    shown = about.kind.show(value)
    return _(shown) if isinstance(about.kind, YesNo) else shown
