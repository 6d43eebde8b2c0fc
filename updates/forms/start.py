"""The start of a run."""

from collections.abc import Iterator

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.flow.session import Kind, Params
from updates.models import Container, Host

_HOST_GONE = gettext_lazy(
    "A chosen host is not there any more; look again and press the button once more."
)
_CONTAINER_GONE = gettext_lazy(
    "A chosen container is not there any more; look again and press the button once more."
)


class StartRunForm(forms.Form):
    """A scan or an update of chosen containers, of chosen hosts, or of everything."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in Kind],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("It was not said whether to scan or to update."),
        ),
    )
    host = forms.ModelMultipleChoiceField(
        Host.objects.all(),
        required=False,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _HOST_GONE),
    )
    container = forms.ModelMultipleChoiceField(
        Container.objects.select_related("host"),
        required=False,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _CONTAINER_GONE),
    )
    selection = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        self.sent = data
        super().__init__(data)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("selection") and not cleaned.get("container"):
            raise forms.ValidationError(_("Select at least one container first."))
        if disabled := sorted(host.name for host in self.hosts() if not host.enabled):
            said = _("Not enabled, so no run goes there: %(hosts)s.")
            raise forms.ValidationError(said % {"hosts": ", ".join(disabled)})
        return cleaned

    def hosts(self) -> list[Host]:
        """The hosts that take part: the chosen containers', the chosen, or all that are enabled."""
        if containers := self.cleaned_data["container"]:
            return list({one.host.pk: one.host for one in containers}.values())
        return list(self.cleaned_data["host"] or Host.objects.enabled())

    def params(self) -> Params:
        """Chosen containers are named with their host, so that namesakes elsewhere stay out."""
        names = (f"{one.host.name}/{one.name}" for one in self.cleaned_data["container"])
        kind = Kind(self.cleaned_data["kind"])
        return Params(
            kind=kind,
            names=tuple(names),
            are_exact=True,
            # Whoever presses "Scan now" wants to know how it is now.
            max_age_s=0 if kind is Kind.SCAN else settings.WATCHWEB_CHECK_WINDOW,
        )

    def sentences(self) -> Iterator[str]:
        for reasons in self.errors.values():
            yield from (str(reason) for reason in reasons)

    def way_back(self) -> str:
        """The page the form was on, with what was selected there; the dashboard if it is unsaid."""
        place = self.sent.get("next", "")
        if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
            return reverse("dashboard")
        path, _, query = place.partition("?")
        fields = QueryDict(query, mutable=True)
        fields.setlist("selected", self.sent.getlist("container"))
        return f"{path}?{fields.urlencode()}" if any(fields.lists()) else path
