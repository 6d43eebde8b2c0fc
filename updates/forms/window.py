"""The days of a window for changes, as boxes."""

from django import forms

from updates.timetable.words import WEEKDAYS

_FROM_MONDAY = [(str(day), WEEKDAYS[day]) for day in (1, 2, 3, 4, 5, 6, 0)]


class WindowDaysField(forms.TypedMultipleChoiceField):
    """Numbers of days; 0 is Sunday."""

    def __init__(self) -> None:
        super().__init__(
            label="Days of the window",
            choices=_FROM_MONDAY,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="None chosen: every day. Without hours: the whole day.",
        )
