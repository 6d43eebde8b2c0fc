"""How the lists are narrowed; every filter lives in the address."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CheckboxInput, DateInput, TextInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind
from updates.models import (
    ContainerResult,
    Host,
    HostRun,
    Registry,
    RegistryToken,
    UpdateRun,
)
from updates.models.run import RunState


def _day() -> DateInput:
    return DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`since` and `until` are days of the person's zone, both included."""

    kind = django_filters.ChoiceFilter(
        choices=[(Kind.SCAN.value, _("Scan")), (Kind.UPDATE.value, _("Update"))],
        label=_("Kind"),
        empty_label=_("Scans and updates"),
    )
    state = django_filters.ChoiceFilter(
        choices=RunState.choices, label=_("State"), empty_label=_("Every state")
    )
    trigger = django_filters.ChoiceFilter(
        choices=UpdateRun.Trigger.choices, label=_("Trigger"), empty_label=_("Every trigger")
    )
    host = django_filters.ModelChoiceFilter(
        field_name="host_runs__host",
        queryset=Host.objects.only("name"),
        label=_("Host"),
        empty_label=_("Every host"),
    )
    user = django_filters.ModelChoiceFilter(
        queryset=lambda _: _starters(), label=_("Person"), empty_label=_("Everybody")
    )
    since = django_filters.DateFilter(label=_("Since"), method="from_day", widget=_day())
    until = django_filters.DateFilter(label=_("Until"), method="to_day", widget=_day())
    trouble = django_filters.BooleanFilter(
        label=_("With failures"), method="troubled", widget=CheckboxInput
    )

    class Meta:
        model = UpdateRun
        fields = ("kind", "state", "trigger", "host", "user", "since", "until", "trouble")

    def from_day(self, rows: QuerySet[UpdateRun], _: str, day: date) -> QuerySet[UpdateRun]:
        return rows.filter(created_at__gte=_midnight(day))

    def to_day(self, rows: QuerySet[UpdateRun], _: str, day: date) -> QuerySet[UpdateRun]:
        return rows.filter(created_at__lt=_midnight(day + timedelta(days=1)))

    def troubled(self, rows: QuerySet[UpdateRun], _: str, wanted: bool) -> QuerySet[UpdateRun]:
        """Those in which a container or a host's part failed, was rolled back or broken off."""
        if not wanted:
            return rows
        bad = HostRun.objects.filter(state__in=(RunState.FAILED, RunState.INTERRUPTED))
        states = (ContainerResult.States.FAILED, ContainerResult.States.ROLLED_BACK)
        results = ContainerResult.objects.filter(state__in=states).order_by()
        by_part = HostRun.objects.filter(pk__in=results.values("host_run")).order_by()
        return rows.filter(Q(pk__in=bad.order_by().values("run")) | Q(pk__in=by_part.values("run")))


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]
    """A run's containers; `hosts` are the choices of its hosts."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": _("Name or image")}),
    )
    state = django_filters.ChoiceFilter(
        choices=[*ContainerResult.States.choices, ("open", _("Not done yet"))],
        label=_("State"),
        method="in_state",
        empty_label=_("Every state"),
    )
    host = django_filters.ChoiceFilter(
        field_name="host_run__host", choices=(), label=_("Host"), empty_label=_("Every host")
    )

    class Meta:
        model = ContainerResult
        fields = ("q", "state", "host")

    def __init__(self, *args: Any, hosts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["host"].choices = hosts

    def search(self, rows: QuerySet[Any], _: str, text: str) -> QuerySet[Any]:
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(image__icontains=word))
        return rows

    def in_state(self, rows: QuerySet[Any], _: str, state: str) -> QuerySet[Any]:
        return rows.filter(state="" if state == "open" else state)


class RegistryFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": _("Domain or user name")}),
    )
    kind = django_filters.ChoiceFilter(
        choices=Registry._meta.get_field("kind").choices,
        label=_("Kind"),
        empty_label=_("Every kind"),
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
        label=_("Search"),
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": _("Registry, scope or service")}),
    )
    registry = django_filters.ChoiceFilter(
        choices=lambda: _token_registries(), label=_("Registry"), empty_label=_("Every registry")
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


def _starters() -> QuerySet[User]:
    return User.objects.filter(Exists(UpdateRun.objects.filter(user=OuterRef("pk"))))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
