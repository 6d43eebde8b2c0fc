"""The hosts as a list: how it is sorted, narrowed and laid out."""

from functools import partial

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from updates.cells import cell
from updates.models import Host

STATES = (
    ("reachable", _("Reachable")),
    ("away", _("Unreachable")),
    ("new", _("Not seen yet")),
    ("off", _("Disabled")),
)
_BY_STATE = {
    "reachable": Q(enabled=True, last_error="", last_seen_at__isnull=False),
    "away": Q(enabled=True) & ~Q(last_error=""),
    "new": Q(enabled=True, last_error="", last_seen_at=None),
    "off": Q(enabled=False),
}


class HostFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": _("Name or address")}),
    )
    state = django_filters.ChoiceFilter(
        choices=STATES, label=_("State"), empty_label=_("Every state"), method="in_state"
    )

    class Meta:
        model = Host
        fields = ("q", "state")

    def search(self, rows: QuerySet[Host], __: str, text: str) -> QuerySet[Host]:
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(url__icontains=word))
        return rows

    def in_state(self, rows: QuerySet[Host], __: str, state: str) -> QuerySet[Host]:
        return rows.filter(_BY_STATE[state])


_cell = partial(cell, "updates/host_cells.html")


class HostTable(tables.Table):  # type: ignore[misc]
    """Rows with what `host_facts` gives them."""

    name = _cell("name", "full", verbose_name=_("Host"))
    state = _cell("state", "full", verbose_name=_("State"), orderable=False)
    engine_version = _cell("engine", "labelled", verbose_name=_("Engine"))
    latency_ms = _cell("latency", "labelled number", verbose_name=_("Latency"))
    counts = _cell("counts", "full", verbose_name=_("Containers"), orderable=False)
    scanned_at = _cell("scanned", "labelled", verbose_name=_("Last scan"))
    coming = _cell(
        "coming", "labelled", verbose_name=pgettext_lazy("next run", "Next"), orderable=False
    )

    class Meta:
        model = Host
        fields = (
            "name",
            "state",
            "engine_version",
            "latency_ms",
            "counts",
            "scanned_at",
            "coming",
        )
        empty_text = _("No host fits these filters.")
        order_by = ("name",)
