"""Whether anything on the overview has moved, without reading what it shows."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, F, Max, Model, QuerySet, StringAgg, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from updates.models import Container, ContainerResult, Hold, Host, Replacement, RunEvent, UpdateRun

type _Rows = QuerySet[Any, Any]


def read_marks() -> tuple[object, ...]:
    """Facts that change with what is shown; one statement that reads the ends of indexes.

    All that a run does is told by its events, its results, and its own state; what a person
    does, by the holds. The day is one: the chart goes on at midnight.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(connection.vendor))
        return (cursor.fetchone(), timezone.localtime().date())


@lru_cache(maxsize=2)
def _statement(vendor: str) -> tuple[str, list[Any]]:
    """(SQL, values). Put together once: that takes longer than the database takes to answer."""
    parts = [rows.query.sql_with_params() for rows in _marks()]
    values = [value for _, those in parts for value in those]
    return f"SELECT {', '.join(f'({sql})' for sql, _ in parts)}", values


def _marks() -> list[_Rows]:
    with_update = Container.objects.with_update()
    return [
        *map(_newest, (RunEvent, ContainerResult, Hold, UpdateRun)),
        _number(Hold.objects.all()),
        _said(UpdateRun.objects.open(), "state", "cancelled_at"),
        _said(Host.objects.all(), "enabled", "last_error"),
        _number(Replacement.objects.filter(closed_at=None)),
        _number(Container.objects.all()),
        _number(with_update),
        _number(Container.objects.filter(status=Container.Status.UNKNOWN)),
        _one(with_update, Max("updated_at")),
    ]


def _newest(model: type[Model]) -> _Rows:
    return model._default_manager.order_by("-pk").values("pk")[:1]


def _number(rows: _Rows) -> _Rows:
    return _one(rows, Count("pk"))


def _said(rows: _Rows, *columns: str) -> _Rows:
    """All of them in one text, in the table's order: not every SQLite can sort here."""
    told = Concat("pk", *(Cast(F(column), CharField()) for column in columns))
    return _one(rows, StringAgg(told, Value(";")))


def _one(rows: _Rows, summed: Any) -> _Rows:
    """One row with the sum over all."""
    together = rows.order_by().annotate(all=Value(1)).values("all")
    summed_up: _Rows = together.annotate(summed=summed).values("summed")
    return summed_up
