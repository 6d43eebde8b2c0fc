"""A schedule as a form; its faults are said beside the fields."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.forms.window import WindowDaysField
from updates.models import Schedule
from updates.timetable.errors import BadTimetable

_TYPED = {"autocomplete": "off", "spellcheck": "false"}
_PLANNED_BY = {"when", "zone", "enabled", "kind", "window_days", "window_begins", "window_ends"}


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saves what a person sets, and never what the clock has written in the meantime."""

    window_days = WindowDaysField()

    class Meta:
        model = Schedule
        fields = (
            *("name", "enabled", "kind", "when", "zone", "hosts", "names", "stack"),
            *("window_days", "window_begins", "window_ends", "update_on_start"),
        )
        labels = {
            "name": _("Name"),
            "enabled": _("Enabled"),
            "kind": _("Kind"),
            "when": _("When"),
            "hosts": _("Hosts"),
            "stack": _("Stack"),
        }
        widgets = {
            "when": forms.TextInput(_TYPED),
            "zone": forms.TextInput(_TYPED | {"list": "zones"}),
            "names": forms.TextInput(_TYPED),
            "hosts": forms.CheckboxSelectMultiple,
            "window_begins": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "window_ends": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }

    def save(self, commit: bool = True) -> Schedule:  # noqa: ARG002 - the signature is Django's
        """Plan it anew if its times were changed, and keep it."""
        row: Schedule = self.instance
        is_new = row.pk is None
        changed = set(self.changed_data)
        if row.kind != "update" or not row.has_window:
            row.is_owed = False
        if is_new or changed & _PLANNED_BY:
            row.plan(timezone.now())
        if is_new:
            row.save()
        else:
            fields = [name for name in self.Meta.fields if name != "hosts"]
            is_planned = bool(changed & _PLANNED_BY)
            row.save(update_fields=[*fields, *(["next_at", "is_owed"] if is_planned else [])])
        self.save_m2m()
        return row

    def save_m2m(self) -> None:
        self.instance.hosts.set(self.cleaned_data["hosts"])


def preview_of(data: Any) -> tuple[str, list[tuple[datetime, bool]], str]:
    """(words, the next ticks each with whether changes are made, what is wrong) of typed fields."""
    form = ScheduleForm(data)
    form.is_valid()
    named = ("when", "zone", "kind", "window_days", "window_begins", "window_ends")
    for name in named:
        if name in form.errors:
            return "", [], str(form.errors[name][0])
    row = form.instance
    row.next_at = None
    try:
        return row.words, row.upcoming(), ""
    except BadTimetable as error:
        return "", [], str(error)
