"""How the list of containers is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

from updates.models import Container, Host
from updates.views.containers import standing
from updates.views.containers.standing import Standing

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_STATES = (
    ("running", _("Running")),
    ("exited", _("Exited")),
    ("paused", _("Paused")),
    ("restarting", _("Restarting")),
    ("created", _("Created")),
    ("dead", _("Dead")),
)
_HEALTH = (
    ("healthy", _("Healthy")),
    ("unhealthy", _("Unhealthy")),
    ("starting", _("Starting")),
)
_NO_HEALTH = "none"
_FOLDED = {"status", "stack", "image", "state", "health", "policy"}
# So many a list of suggestions has; whoever has more stacks types.
SUGGESTED = 200


def _text(**attrs: str | StrPromise) -> TextInput:
    return TextInput(attrs={"autocomplete": "off", "spellcheck": "false"} | attrs)


class ContainerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Of rows that come with their holds. `group` narrows nothing: it orders them."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=_text(type="search", placeholder=_("Name, image, stack, host or version")),
    )
    status = django_filters.ChoiceFilter(
        choices=Container.Status.choices, label=_("Status"), empty_label=_("Every status")
    )
    host = django_filters.ModelChoiceFilter(
        queryset=Host.objects.only("name"), label=_("Host"), empty_label=_("Every host")
    )
    stack = django_filters.CharFilter(
        label=_("Stack"),
        method="of_stack",
        widget=_text(list="stacks", placeholder=_("Every stack")),
    )
    image = django_filters.CharFilter(
        label=_("Image"),
        field_name="image",
        lookup_expr="icontains",
        widget=_text(placeholder=_("Every image")),
    )
    state = django_filters.ChoiceFilter(
        choices=_STATES, label=_("State"), empty_label=_("Every state")
    )
    health = django_filters.ChoiceFilter(
        choices=[*_HEALTH, (_NO_HEALTH, _("No health check"))],
        label=_("Health"),
        method="of_health",
        empty_label=_("Every health"),
    )
    policy = django_filters.ChoiceFilter(
        choices=Standing.choices,
        label=_("Policy"),
        method="of_policy",
        empty_label=_("Every policy"),
    )
    group = django_filters.ChoiceFilter(
        choices=[("stack", _("By stack")), ("host", _("By host"))],
        label=_("Group"),
        method="as_it_is",
        empty_label=_("No groups"),
    )

    class Meta:
        model = Container
        fields = ("q", "status", "host", "stack", "image", "state", "health", "policy", "group")

    def search(self, rows: QuerySet[Container], _: str, text: str) -> QuerySet[Container]:
        for word in text.split():
            fits = Q(name__icontains=word) | Q(image__icontains=word) | Q(stack__icontains=word)
            more = Q(host__name__icontains=word) | Q(version__icontains=word)
            rows = rows.filter(fits | more)
        return rows

    def of_stack(self, rows: QuerySet[Container], _: str, name: str) -> QuerySet[Container]:
        """The stack of this name; while there is none, those whose name has it in it."""
        exact = rows.filter(stack=name)
        return exact if exact.exists() else rows.filter(stack__icontains=name)

    def of_health(self, rows: QuerySet[Container], _: str, health: str) -> QuerySet[Container]:
        return rows.filter(health="" if health == _NO_HEALTH else health)

    def of_policy(self, rows: QuerySet[Container], _: str, name: str) -> QuerySet[Container]:
        return standing.only(rows, name)

    def as_it_is(self, rows: QuerySet[Container], *_: str) -> QuerySet[Container]:
        return rows

    @property
    def chosen(self) -> dict[str, Any]:
        """What is set, by name."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen.keys() - {"group"})

    @property
    def is_narrowed_further(self) -> bool:
        """Whether one of the filters is set that are folded away."""
        return bool(self.chosen.keys() & _FOLDED)

    @property
    def grouped_by(self) -> str:
        return str(self.chosen.get("group", ""))


def narrowed(data: Any) -> ContainerFilter:
    """What an address asks for, of all containers; what is not understood narrows nothing."""
    rows = Container.objects.select_related("host").with_holds()
    found = ContainerFilter(data, queryset=rows)
    found.form.is_valid()
    return found


def stacks() -> list[str]:
    """Suggestions for the filter's field."""
    names = Container.objects.exclude(stack="").order_by("stack").values_list("stack", flat=True)
    return list(names.distinct()[:SUGGESTED])
