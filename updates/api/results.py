"""What became of containers: in one run, of one container, or of all."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from updates.api.paging import (
    MAX_KEY,
    Before,
    Key,
    Limit,
    Stream,
    Text,
    address,
    newest,
    older_than,
)
from updates.flow.session import State
from updates.models import ContainerResult, HostRun, RunEvent

router = Router(tags=["results"])


class ResultDocument(Schema):
    """One container in one run; `state` is "" while it is being worked on."""

    id: int
    run: int
    host: int
    host_name: str
    name: str
    container_id: str
    new_id: str
    image: str
    state: str
    step: str
    reason: str
    old_image_id: str
    new_image_id: str
    old_digest: str
    new_digest: str
    old_version: str
    new_version: str
    pulled_bytes: int
    total_bytes: int
    seconds: float
    log: str


class EventDocument(Schema):
    """One line of a run's story."""

    id: int
    at: datetime
    host: int
    host_name: str
    container: str
    step: str
    message: str


@router.get("/results", response=Stream[ResultDocument], url_name="api-results")
def list_results(
    request: HttpRequest,
    run: Key | None = None,
    host: Key | None = None,
    container: Text = "",
    state: State | None = None,
    limit: Limit = 50,
    before: Before = MAX_KEY,
) -> dict[str, Any]:
    """The newest first. `container` is a name."""
    rows = ContainerResult.objects.all()
    if run:
        rows = rows.filter(host_run__in=_keys(HostRun.objects.filter(run=run)))
    if host:
        rows = rows.filter(host_run__host=host)
    if container:
        rows = rows.filter(name=container)
    if state:
        rows = rows.filter(state=state)
    found, are_more = newest(rows.select_related("host_run__host"), limit, before)
    following = older_than(request, found[-1]) if are_more else None
    return {"items": [_result(row) for row in found], "next": following}


def results_of(run: int, limit: int) -> dict[str, Any]:
    """A run's results as the first page of its list."""
    rows = ContainerResult.objects.filter(host_run__run=run).select_related("host_run__host")
    found, are_more = newest(rows, limit)
    following = None
    if are_more:
        following = address(reverse("api-results"), run=run, limit=limit, before=found[-1].pk)
    return {"items": [_result(row) for row in found], "next": following}


def history_of(host: int, name: str, limit: int) -> dict[str, Any]:
    """What was done to one container, as the first page of its list."""
    rows = ContainerResult.objects.filter(host_run__host=host, name=name).eventful()
    found, are_more = newest(rows.select_related("host_run__host"), limit)
    following = None
    if are_more:
        query = {"host": host, "container": name, "limit": limit, "before": found[-1].pk}
        following = address(reverse("api-results"), **query)
    return {"items": [_result(row) for row in found], "next": following}


def events_of(
    request: HttpRequest | None, run: int, limit: int, before: int = MAX_KEY
) -> dict[str, Any]:
    """A run's lines, the newest first; without a request, as the first page of their list."""
    rows = RunEvent.objects.filter(host_run__run=run).select_related("host_run__host")
    found, are_more = newest(rows, limit, before)
    following = None
    if are_more and request:
        following = older_than(request, found[-1])
    elif are_more:
        path = reverse("api-run-events", args=[run])
        following = address(path, limit=limit, before=found[-1].pk)
    return {"items": [_event(row) for row in found], "next": following}


def _keys(parts: QuerySet[HostRun]) -> list[int]:
    return list(parts.values_list("pk", flat=True))


def _result(row: ContainerResult) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in ResultDocument.model_fields if hasattr(row, name)}
    return own | {"run": row.host_run.run_id, **_host(row.host_run)}


def _event(row: RunEvent) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in EventDocument.model_fields if hasattr(row, name)}
    return own | _host(row.host_run)


def _host(part: HostRun) -> dict[str, Any]:
    return {"host": part.host_id, "host_name": part.host.name}
