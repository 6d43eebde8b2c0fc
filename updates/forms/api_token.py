"""What a new API token is to be called and to reach."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.models.api_token import ApiToken, Scope, is_open_to


class ApiTokenForm(forms.Form):
    """Offers the scopes that its owner's own rights reach."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text=_("What will use it, e.g. backup script."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label=_("Scope"),
        help_text=_(
            "It never does more than you may do yourself, and less as soon as you may less."
        ),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("It stops working at the end of this day. Empty: when it is revoked."),
        widget=forms.DateInput({"type": "date"}),
    )

    def __init__(self, owner: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        scopes = [(one.value, one.label) for one in Scope if is_open_to(owner, one)]
        self.fields["scope"] = forms.ChoiceField(
            choices=scopes,
            label=self.fields["scope"].label,
            help_text=self.fields["scope"].help_text,
        )

    def clean_last_day(self) -> datetime | None:
        """The moment at which the day ends; a date that lies behind is refused."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        try:
            end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
        except OverflowError as error:
            raise ValidationError(gettext("No calendar reaches so far.")) from error
        if end <= timezone.now():
            raise ValidationError(gettext("This day is over."))
        return end
