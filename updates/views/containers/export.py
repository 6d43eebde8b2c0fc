"""What the filters show, as CSV and JSON; streamed, however many rows there are."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from updates.models import Container
from updates.spreadsheet import lines
from updates.views.containers.narrowing import narrowed
from updates.views.containers.sections import AHEAD
from updates.views.containers.standing import standings
from updates.views.containers.table import READ

FIELDS = (
    *("name", "stack", "image", "version", "available_version", "local_digest", "remote_digest"),
    *("state", "health", "status", "status_reason", "created_at", "checked_at", "answered_at"),
    *("updated_at", "held_until"),
)
_AT_ONCE = 500


@require_safe
def containers_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _streamed(_csv(_rows(request)), "text/csv; charset=utf-8", "csv")


@require_safe
def containers_json(request: HttpRequest) -> StreamingHttpResponse:
    return _streamed(_json(_rows(request)), "application/json", "json")


def _streamed(parts: Iterator[str], kind: str, ending: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(parts, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="containers.{ending}"'
    return answer


def _rows(request: HttpRequest) -> Iterator[dict[str, Any]]:
    chosen = narrowed(request.GET)
    rows = chosen.qs.only(*READ).order_by(*AHEAD[chosen.grouped_by], "host__name", "name")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield _facts(row)


def _facts(row: Container) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in FIELDS}
    return {"host": row.host.name, **own, "policy": [str(one) for one in standings(row)]}


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    cells = (row | {"policy": " ".join(row["policy"])} for row in rows)
    written = ([_plain(value) for value in row.values()] for row in cells)
    return lines(["host", *FIELDS, "policy"], written)


def _json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """An array with a line for each."""
    before = "["
    for row in rows:
        facts = {name: _plain(value, empty=None) for name, value in row.items()}
        yield f"{before}\n{json.dumps(facts)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _plain(value: Any, empty: str | None = "") -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return empty if value is None else value
