"""How the lists are narrowed; every filter lives in the address."""

import django_filters
from django.db.models import Q, QuerySet
from django.forms import TextInput

from updates.flow.session import Kind
from updates.models import Registry, RegistryToken, UpdateRun
from updates.models.run import RunState


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]
    kind = django_filters.ChoiceFilter(
        choices=[(kind.value, kind.value.capitalize()) for kind in Kind],
        label="Kind",
        empty_label="Scans and updates",
    )
    state = django_filters.ChoiceFilter(
        choices=RunState.choices, label="State", empty_label="Every state"
    )
    trigger = django_filters.ChoiceFilter(
        choices=UpdateRun.Trigger.choices, label="Trigger", empty_label="Every trigger"
    )

    class Meta:
        model = UpdateRun
        fields = ("kind", "state", "trigger")


class RegistryFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": "Domain or user name"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=Registry._meta.get_field("kind").choices, label="Kind", empty_label="Every kind"
    )

    class Meta:
        model = Registry
        fields = ("q", "kind")

    def search(self, rows: QuerySet[Registry], _: str, text: str) -> QuerySet[Registry]:
        for word in text.split():
            rows = rows.filter(Q(domain__icontains=word) | Q(username__icontains=word))
        return rows


class TokenFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": "Registry, scope or service"}),
    )
    registry = django_filters.ChoiceFilter(
        choices=lambda: _token_registries(), label="Registry", empty_label="Every registry"
    )

    class Meta:
        model = RegistryToken
        fields = ("q", "registry")

    def search(self, rows: QuerySet[RegistryToken], _: str, text: str) -> QuerySet[RegistryToken]:
        for word in text.split():
            fits = Q(registry__icontains=word) | Q(scope__icontains=word)
            rows = rows.filter(fits | Q(realm__icontains=word) | Q(service__icontains=word))
        return rows


def _token_registries() -> list[tuple[str, str]]:
    names = RegistryToken.objects.order_by("registry").values_list("registry", flat=True)
    return [(name, name) for name in names.distinct()]
