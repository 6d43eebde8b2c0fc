"""The hosts as a list: how it is sorted, narrowed and laid out."""

from functools import partial

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.forms import TextInput

from updates.cells import cell
from updates.models import Host

STATES = (
    ("reachable", "Reachable"),
    ("away", "Away"),
    ("new", "Not seen yet"),
    ("off", "Not enabled"),
)
_BY_STATE = {
    "reachable": Q(enabled=True, last_error="", last_seen_at__isnull=False),
    "away": Q(enabled=True) & ~Q(last_error=""),
    "new": Q(enabled=True, last_error="", last_seen_at=None),
    "off": Q(enabled=False),
}


class HostFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=TextInput(attrs={"type": "search", "placeholder": "Name or address"}),
    )
    state = django_filters.ChoiceFilter(
        choices=STATES, label="State", empty_label="Every state", method="in_state"
    )

    class Meta:
        model = Host
        fields = ("q", "state")

    def search(self, rows: QuerySet[Host], _: str, text: str) -> QuerySet[Host]:
        for word in text.split():
            rows = rows.filter(Q(name__icontains=word) | Q(url__icontains=word))
        return rows

    def in_state(self, rows: QuerySet[Host], _: str, state: str) -> QuerySet[Host]:
        return rows.filter(_BY_STATE[state])


_cell = partial(cell, "updates/host_cells.html")


class HostTable(tables.Table):  # type: ignore[misc]
    """Rows with what `host_facts` gives them."""

    name = _cell("name", "full", verbose_name="Host")
    state = _cell("state", "full", orderable=False)
    engine_version = _cell("engine", "labelled", verbose_name="Engine")
    latency_ms = _cell("latency", "labelled number", verbose_name="Latency")
    counts = _cell("counts", "full", verbose_name="Containers", orderable=False)
    scanned_at = _cell("scanned", "labelled", verbose_name="Last scan")
    coming = _cell("coming", "labelled", verbose_name="Next", orderable=False)

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
        empty_text = "No host fits these filters."
        order_by = ("name",)
