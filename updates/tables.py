"""The lists: sortable, paged, and stacked into cards on a narrow screen."""

from collections.abc import Collection

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from updates.models import Container, UpdateRun

CELLS = "updates/cells.html"


def cell(name: str, place: str = "", **kwargs: object) -> tables.TemplateColumn:
    """A column whose cell is the partial `name` of the cells' template.

    `place` is its class in a narrow screen's card: full and labelled have a line of their own, wide
    is left out, and loose lets its parts flow beside the neighbours.
    """
    attrs = {"td": {"class": place}}
    return tables.TemplateColumn(template_name=f"{CELLS}#{name}", attrs=attrs, **kwargs)


class ContainerTable(tables.Table):  # type: ignore[misc]
    """`selected` are the keys whose boxes are ticked."""

    container = tables.CheckBoxColumn(
        accessor="pk",
        attrs={
            "th__input": {
                "aria-label": "Select all on this page",
                "class": "scripted",
                "data-select-all": True,
            },
            "td": {"class": "select"},
            "th": {"class": "select"},
        },
    )
    name = cell("name", "full")
    stack = tables.Column(empty_values=(None,), attrs={"td": {"class": "wide"}})
    host = cell("host", order_by=("host__name", "name"))
    image = cell("image", "full")
    state = cell("state")
    status = cell("status", "loose")
    checked_at = cell("checked", "labelled", verbose_name="Checked")

    class Meta:
        model = Container
        fields: tuple[str, ...] = (
            "container",
            "name",
            "stack",
            "host",
            "image",
            "state",
            "status",
            "checked_at",
        )
        empty_text = "No container fits these filters."
        order_by: tuple[str, ...] = ("host", "name")

    def __init__(self, rows: object, *, selected: Collection[str] = (), **kwargs: object) -> None:
        self.selected = selected
        super().__init__(rows, **kwargs)

    def render_container(self, record: Container) -> SafeString:
        is_selected = str(record.pk) in self.selected
        return render_to_string(f"{CELLS}#select", {"record": record, "is_selected": is_selected})


class HostContainerTable(ContainerTable):
    container = None
    host = None

    class Meta(ContainerTable.Meta):
        fields = ("name", "stack", "image", "state", "status", "checked_at")
        empty_text = "This host has not been scanned yet, or runs no container."
        order_by = ("name",)


class RunTable(tables.Table):  # type: ignore[misc]
    pk = cell("run", verbose_name="Run", order_by=("pk",))
    state = cell("run_state")
    counts = cell("counts", "full", verbose_name="Result", orderable=False)
    trigger = cell("trigger", verbose_name="Started by")
    created_at = cell("created", verbose_name="When")
    seconds = cell("seconds", "labelled", verbose_name="Took", orderable=False)

    class Meta:
        model = UpdateRun
        fields = ("pk", "state", "counts", "trigger", "created_at", "seconds")
        empty_text = "No run fits these filters."
        order_by = ("-pk",)
