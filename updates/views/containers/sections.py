"""The rows of a page in groups: by host, or by stack, which is a stack of one host."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from updates.models import Container

_NO_STACK_LAST = Case(When(stack="", then=Value(1)), default=Value(0))
AHEAD: dict[str, tuple[Any, ...]] = {
    "": (),
    "host": ("host__name",),
    "stack": (_NO_STACK_LAST, "stack", "host__name"),
}
# Columns that say what the group's heading says.
SAID: dict[str, set[str]] = {"": set(), "host": {"host"}, "stack": {"host", "stack"}}
_KEYS: dict[str, Callable[[Container], tuple[Hashable, ...]]] = {
    "host": lambda row: (row.host_id,),
    "stack": lambda row: (row.stack, row.host_id),
}
_FIELDS = {"host": ("host",), "stack": ("stack", "host")}


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading; `count` and `updates` are of the whole group, on all pages."""

    rows: Sequence[Any]
    group: str = ""
    first: Container | None = None
    count: int = 0
    updates: int = 0


def sections(bound: Iterable[Any], group: str, narrowed: QuerySet[Container]) -> list[Section]:
    """The table's rows of this page as sections; one query more where there are groups."""
    if group not in _KEYS:
        return [Section(list(bound))]
    key = _KEYS[group]
    parts = [(one, list(rows)) for one, rows in groupby(bound, lambda row: key(row.record))]
    sizes = _sizes(narrowed, group, [rows[0].record for _, rows in parts])
    return [Section(rows, group, rows[0].record, *sizes[one]) for one, rows in parts]


def _sizes(
    narrowed: QuerySet[Container], group: str, heads: Sequence[Container]
) -> dict[tuple[Hashable, ...], tuple[int, int]]:
    """(containers, those with an update) of the groups that these rows are of."""
    fields = _FIELDS[group]
    rows = narrowed.filter(host__in={row.host_id for row in heads})
    if group == "stack":
        rows = rows.filter(stack__in={row.stack for row in heads})
    found = rows.order_by().values_list(*fields)
    stale = Count("pk", filter=Q(status=Container.Status.UPDATE_AVAILABLE))
    counted = found.annotate(count=Count("pk"), stale=stale)
    return {tuple(one[:-2]): (one[-2], one[-1]) for one in counted}
