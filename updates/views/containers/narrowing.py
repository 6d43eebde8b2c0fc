"""How the list of containers is narrowed; every filter lives in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import TextInput

from updates.models import Container, Host
from updates.views.containers import standing
from updates.views.containers.standing import Standing

_STATES = ("running", "exited", "paused", "restarting", "created", "dead")
_HEALTH = ("healthy", "unhealthy", "starting")
_NO_HEALTH = "none"
# So many a list of suggestions has; whoever has more stacks types.
SUGGESTED = 200


def _words(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name.capitalize()) for name in names]


def _text(**attrs: str) -> TextInput:
    return TextInput(attrs={"autocomplete": "off", "spellcheck": "false"} | attrs)


class ContainerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Of rows that come with their holds. `group` narrows nothing: it orders them."""

    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=_text(type="search", placeholder="Name, image, stack, host or version"),
    )
    status = django_filters.ChoiceFilter(
        choices=Container.Status.choices, label="Status", empty_label="Every status"
    )
    host = django_filters.ModelChoiceFilter(
        queryset=Host.objects.only("name"), label="Host", empty_label="Every host"
    )
    stack = django_filters.CharFilter(
        label="Stack", method="of_stack", widget=_text(list="stacks", placeholder="Every stack")
    )
    image = django_filters.CharFilter(
        label="Image",
        field_name="image",
        lookup_expr="icontains",
        widget=_text(placeholder="Every image"),
    )
    state = django_filters.ChoiceFilter(
        choices=_words(_STATES), label="State", empty_label="Every state"
    )
    health = django_filters.ChoiceFilter(
        choices=[*_words(_HEALTH), (_NO_HEALTH, "No health check")],
        label="Health",
        method="of_health",
        empty_label="Every health",
    )
    policy = django_filters.ChoiceFilter(
        choices=Standing.choices, label="Policy", method="of_policy", empty_label="Every policy"
    )
    group = django_filters.ChoiceFilter(
        choices=[("stack", "By stack"), ("host", "By host")],
        label="Group",
        method="as_it_is",
        empty_label="No groups",
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
        return bool(self.chosen.keys() & {"stack", "image", "state", "health", "policy"})

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
