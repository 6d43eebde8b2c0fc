"""Lists in pages: short ones counted, with an offset; endless ones from newest to oldest."""

from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from ninja import Schema
from pydantic import Field

MAX_KEY = 2**63 - 1
MAX_OFFSET = 1_000_000
Key = Annotated[int, Field(ge=1, le=MAX_KEY)]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]
Offset = Annotated[int, Field(ge=0, le=MAX_OFFSET, description="How many to leave out.")]
Before = Annotated[
    int, Field(ge=1, le=MAX_KEY, description="Only those older than the one with this id.")
]
Text = Annotated[str, Field(max_length=500)]


class Page[Item](Schema):
    """A part of a list: `count` is of the whole, `next` the address of what follows."""

    items: list[Item]
    count: int
    next: str | None


class Stream[Item](Schema):
    """A part of what only grows, the newest first; `next` is the address of what is older."""

    items: list[Item]
    next: str | None


def page(
    request: HttpRequest,
    rows: QuerySet[Any],
    show: Callable[[Any], dict[str, Any]],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """Two queries."""
    count = rows.count()
    items = [show(row) for row in rows[offset : offset + limit]]
    end = offset + limit
    following = _with(request, offset=end) if end < count and end <= MAX_OFFSET else None
    return {"items": items, "count": count, "next": following}


def newest(rows: QuerySet[Any], limit: int, before: int = MAX_KEY) -> tuple[list[Any], bool]:
    """(rows, whether there are older ones), in one query."""
    older = rows.filter(pk__lt=before) if before != MAX_KEY else rows
    found = list(older.order_by("-pk")[: limit + 1])
    return found[:limit], len(found) > limit


def older_than(request: HttpRequest, row: Model) -> str:
    """The address of the same list, from this row on."""
    return _with(request, before=row.pk)


def _with(request: HttpRequest, **parameters: int) -> str:
    query = request.GET.copy()
    for name, value in parameters.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"


def address(path: str, **parameters: object) -> str:
    """A path with a query."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in parameters.items()})
    return f"{path}?{query.urlencode()}"
