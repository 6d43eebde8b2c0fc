"""The days of a window for changes, as boxes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from updates.timetable.words import WEEKDAYS

_FROM_MONDAY = [(str(day), _(WEEKDAYS[day])) for day in (1, 2, 3, 4, 5, 6, 0)]


class WindowDaysField(forms.TypedMultipleChoiceField):
    """Numbers of days; 0 is Sunday."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Days of the window"),
            choices=_FROM_MONDAY,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: every day. Without hours: the whole day."),
        )
