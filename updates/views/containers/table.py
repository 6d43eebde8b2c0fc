"""The table of all containers: its columns, and how each is sorted."""

from collections.abc import Collection, Sequence
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from updates.models import Container

CELLS = "updates/container_cells.html"
ALWAYS = ("container", "name", "act")
# What is selected of a row: no labels, which are long, and nothing of its host that is secret.
READ = (
    *("host", "name", "image", "stack", "state", "health", "created_at", "status"),
    *("status_reason", "local_digest", "remote_digest", "version", "available_version"),
    *("monitor_only", "answered_at", "checked_at", "updated_at", "held_until"),
    *("host__name", "host__last_error"),
)


class Cell(tables.Column):  # type: ignore[misc]
    """A column whose cell is a partial of the cells' template.

    `place` is its class in a narrow screen's card: see updates.tables.cell.
    """

    def __init__(self, partial: str, place: str = "", **kwargs: Any) -> None:
        self.partial, self.place = f"{CELLS}#{partial}", place
        super().__init__(**kwargs)


class FleetTable(tables.Table):  # type: ignore[misc]
    """`shown`: names of the columns besides those that always are. `ahead`: what rows are ordered
    by before anything else, so that groups stay together."""

    container = Cell("select", "select", orderable=False, verbose_name="")
    name = Cell("name", "title", verbose_name=_("Name"), order_by=("name", "host__name"))
    stack = Cell("stack", "wide", order_by=("stack", "name"), verbose_name=_("Stack"))
    host = Cell("host", "note", order_by=("host__name", "name"), verbose_name=_("Host"))
    image = Cell("image", "full", order_by=("image", "name"), verbose_name=_("Image"))
    version = Cell(
        "version", "note", order_by=("version", "local_digest", "name"), verbose_name=_("Version")
    )
    state = Cell("state", "note", order_by=("state", "health", "name"), verbose_name=_("State"))
    status = Cell("status", "said", order_by=("status", "name"), verbose_name=_("Status"))
    policy = Cell("policy", "note", orderable=False, verbose_name=_("Policy"))
    answered_at = Cell("answered", "labelled", verbose_name=_("Checked"), order_by="-answered_at")
    updated_at = Cell("updated", "labelled", verbose_name=_("Changed"), order_by="-updated_at")
    created_at = Cell("created", "labelled", verbose_name=_("Created"), order_by="-created_at")
    act = Cell("act", "act", orderable=False, verbose_name=_("Act"))

    class Meta:
        model = Container
        fields = ()
        order_by = ("host", "name")

    def __init__(
        self,
        rows: Any,
        *,
        shown: Collection[str] = (),
        ahead: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        hidden = self.base_columns.keys() - {*ALWAYS, *shown}
        self.ahead = ahead
        super().__init__(rows.only(*READ), exclude=tuple(hidden), **kwargs)

    def paginate(self, *args: Any, **kwargs: Any) -> None:
        """The page, of rows in an order that is the same each time."""
        rows = self.data.data
        self.data.data = rows.order_by(*self.ahead, *rows.query.order_by, "pk")
        super().paginate(*args, **kwargs)


def choosable() -> list[tuple[str, str]]:
    """(name, label) of the columns that people choose from, in the table's order."""
    columns = FleetTable.base_columns.items()
    return [
        (name, str(one.verbose_name or name.capitalize()))
        for name, one in columns
        if name not in ALWAYS
    ]
