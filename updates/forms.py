"""What people may send: the start of a run."""

from collections.abc import Iterator

from django import forms
from django.conf import settings

from updates.flow.session import Kind, Params
from updates.models import Container, Host


class StartRunForm(forms.Form):
    """A scan or an update of chosen containers, of chosen hosts, or of everything."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    host = forms.ModelMultipleChoiceField(Host.objects.enabled(), required=False)
    container = forms.ModelMultipleChoiceField(
        Container.objects.select_related("host"), required=False
    )
    selection = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("selection") and not cleaned.get("container"):
            raise forms.ValidationError("Select at least one container first.")
        return cleaned

    def hosts(self) -> list[Host]:
        """The hosts that take part: the chosen containers', the chosen, or all that are enabled."""
        if containers := self.cleaned_data["container"]:
            return list({one.host.pk: one.host for one in containers}.values())
        return list(self.cleaned_data["host"] or Host.objects.enabled())

    def params(self) -> Params:
        """Chosen containers are named with their host, so that namesakes elsewhere stay out."""
        names = (f"{one.host.name}/{one.name}" for one in self.cleaned_data["container"])
        return Params(
            kind=Kind(self.cleaned_data["kind"]),
            names=tuple(names),
            stop_timeout=settings.WATCHWEB_STOP_TIMEOUT,
            gate_seconds=settings.WATCHWEB_GATE_SECONDS,
        )

    def sentences(self) -> Iterator[str]:
        for reasons in self.errors.values():
            yield from (str(reason) for reason in reasons)

    def way_back(self) -> str:
        return "containers" if self.data.get("selection") else "dashboard"
