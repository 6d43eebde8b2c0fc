"""The lists: sortable, paged, and stacked into cards on a narrow screen."""

import django_tables2 as tables

from updates.models import Container, UpdateRun

CELLS = "updates/cells.html"


def cell(name: str, **kwargs: object) -> tables.TemplateColumn:
    """A column whose cell is the partial `name` of the cells' template."""
    return tables.TemplateColumn(template_name=f"{CELLS}#{name}", **kwargs)


class ContainerTable(tables.Table):  # type: ignore[misc]
    container = tables.CheckBoxColumn(
        accessor="pk",
        attrs={
            "th__input": {"aria-label": "Select all on this page", "data-select-all": True},
            "td__input": {"aria-label": "Select this container"},
            "td": {"class": "select"},
            "th": {"class": "select"},
        },
    )
    name = cell("name")
    stack = tables.Column(empty_values=(None,))
    host = tables.Column(linkify=True, order_by=("host__name", "name"))
    image = cell("image")
    state = cell("state")
    status = cell("status")
    checked_at = cell("checked", verbose_name="Checked")

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
    counts = cell("counts", verbose_name="Result", orderable=False)
    trigger = cell("trigger", verbose_name="Started by")
    created_at = cell("created", verbose_name="When")
    seconds = cell("seconds", verbose_name="Took", orderable=False)

    class Meta:
        model = UpdateRun
        fields = ("pk", "state", "counts", "trigger", "created_at", "seconds")
        empty_text = "No run fits these filters."
        order_by = ("-pk",)
