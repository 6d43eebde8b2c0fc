"""Runs: listed, looked at while they go on, started, cancelled."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from updates.api.caller import ApiRequest
from updates.api.conditional import if_known
from updates.api.door import needs
from updates.api.once import once
from updates.api.paging import MAX_KEY, Before, Key, Limit, Stream, newest, older_than
from updates.api.problems import Problem, not_found, wrong
from updates.api.results import EventDocument, ResultDocument, events_of, results_of
from updates.flow.session import Kind, Params
from updates.models import Container, Host, HostRun, UpdateRun
from updates.models.api_token import Scope
from updates.models.run import RunState
from updates.runs.counting import counts_of
from updates.runs.version import version_of
from updates.triggers import NothingToDo, cancel_run, trigger_run

router = Router(tags=["runs"])
_MAX_CHOSEN = 1000
_SHOWN_IN_A_RUN = 100


class RunDocument(Schema):
    """A run. `counts` are its results by state; `seconds` is known when it has ended."""

    id: int
    kind: str
    state: str
    trigger: str
    user: str | None
    names: list[str]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancelled_at: datetime | None
    seconds: float | None
    counts: dict[str, int]


class PartDocument(Schema):
    """A run's part on one host."""

    host: int
    host_name: str
    state: str
    error: str
    started_at: datetime | None
    finished_at: datetime | None
    engine_calls: int
    registry_calls: int
    freed_bytes: int


class RunDetail(RunDocument):
    """With its parts, and the first page of its results and of what happened."""

    hosts: list[PartDocument]
    results: Stream[ResultDocument]
    events: Stream[EventDocument]


class NewRun(Schema):
    """A scan or an update of chosen containers, of chosen hosts, or of everything."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Kind = Field(strict=False)
    hosts: list[Key] = Field([], max_length=_MAX_CHOSEN, description="Ids; none: all.")
    containers: list[Key] = Field([], max_length=_MAX_CHOSEN, description="Ids; none: all.")


@router.get("/runs", response=Stream[RunDocument])
def list_runs(
    request: HttpRequest,
    kind: Kind | None = None,
    state: RunState | None = None,
    trigger: UpdateRun.Trigger | None = None,
    host: Key | None = None,
    limit: Limit = 50,
    before: Before = MAX_KEY,
) -> dict[str, Any]:
    """The newest first."""
    exactly = {"kind": kind, "state": state, "trigger": trigger, "host_runs__host": host}
    rows = UpdateRun.objects.filter(**{field: one for field, one in exactly.items() if one})
    found, are_more = newest(rows.select_related("user"), limit, before)
    counts = counts_of([row.pk for row in found])
    following = older_than(request, found[-1]) if are_more else None
    return {"items": [_shown(row, counts[row.pk]) for row in found], "next": following}


@router.post("/runs", response={202: RunDocument})
@needs(Scope.UPDATE, "updates.start_run")
def start_run(request: ApiRequest, response: HttpResponse, run: NewRun) -> Status[dict[str, Any]]:
    """Start it; a worker takes it up. The header Idempotency-Key makes asking again harmless."""

    def start() -> UpdateRun:
        hosts, names = _chosen(run.hosts, run.containers)
        # Whoever asks for a scan wants to know how it is now.
        max_age_s = 0 if run.kind is Kind.SCAN else settings.WATCHWEB_CHECK_WINDOW
        params = Params(kind=run.kind, names=names, max_age_s=max_age_s, are_exact=True)
        facts: Any = {"source": UpdateRun.Trigger.API, "user": request.caller.user}
        facts["api_token"] = request.caller.token
        return trigger_run(hosts, params, **facts)

    try:
        made = once(request, run.model_dump(), start)
    except NothingToDo as error:
        raise Problem(409, str(error)) from error
    return started(response, made)


@router.get("/runs/{int:pk}", response=RunDetail, url_name="api-run")
def get_run(request: HttpRequest, response: HttpResponse, pk: Key) -> dict[str, Any] | HttpResponse:
    """Everything about one run. Ask with If-None-Match: until something moves, that is a 304."""
    etag = f'"{version_of(pk)}"'
    if known := if_known(request, etag):
        return known
    row = _found(pk)
    response.headers["ETag"] = etag
    parts = HostRun.objects.filter(run=row).select_related("host")
    return _shown(row, counts_of([pk])[pk]) | {
        "hosts": [_part(part) for part in parts],
        "results": results_of(pk, _SHOWN_IN_A_RUN),
        "events": events_of(None, pk, _SHOWN_IN_A_RUN),
    }


@router.post("/runs/{int:pk}/cancel", response={202: RunDocument})
@needs(Scope.UPDATE, "updates.start_run")
def cancel(request: ApiRequest, response: HttpResponse, pk: Key) -> Status[dict[str, Any]]:
    """End it as soon as may be: the container at hand is finished, the rest is left alone."""
    row = _found(pk)
    if not cancel_run(row, request.caller.user):
        row.refresh_from_db()
        why = "It is being cancelled already." if row.is_ending else "It is over."
        raise Problem(409, why)
    return started(response, row)


@router.get("/runs/{int:pk}/events", response=Stream[EventDocument], url_name="api-run-events")
def list_events(
    request: HttpRequest, pk: Key, limit: Limit = 50, before: Before = MAX_KEY
) -> dict[str, Any]:
    """What happened in a run, the newest first."""
    _found(pk)
    return events_of(request, pk, limit, before)


def started(response: HttpResponse, run: UpdateRun) -> Status[dict[str, Any]]:
    """202 with the run as it is now, and where to look at it."""
    response.headers["Location"] = reverse("api-run", args=[run.pk])
    row = _found(run.pk)
    return Status(202, _shown(row, counts_of([row.pk])[row.pk]))


def _chosen(hosts: list[int], containers: list[int]) -> tuple[list[Host], tuple[str, ...]]:
    """(hosts that take part, names of containers, each with its host). Raises Problem 422."""
    rows = list(Container.objects.filter(pk__in=containers).select_related("host"))
    _all_there("containers", containers, [row.pk for row in rows])
    chosen = list(Host.objects.filter(pk__in=hosts)) if hosts else []
    _all_there("hosts", hosts, [host.pk for host in chosen])
    if rows:
        own = {row.host.pk: row.host for row in rows}
        if hosts and not set(own) <= set(hosts):
            raise wrong("containers", "One of them is on none of the chosen hosts.")
        return list(own.values()), tuple(f"{row.host.name}/{row.name}" for row in rows)
    return chosen or list(Host.objects.enabled()), ()


def _all_there(field: str, asked: Collection[int], found: Collection[int]) -> None:
    if missing := sorted(set(asked) - set(found)):
        raise wrong(field, f"There is none with the id {', '.join(map(str, missing))}.")


def _found(pk: int) -> UpdateRun:
    row = UpdateRun.objects.select_related("user").filter(pk=pk).first()
    if row is None:
        raise not_found(f"run {pk}")
    return row


def _shown(row: UpdateRun, counts: Counter[str]) -> dict[str, Any]:
    times = ("created_at", "started_at", "finished_at", "cancelled_at")
    own = ("id", "kind", "state", "trigger", *times)
    return {name: getattr(row, name) for name in own} | {
        "user": row.user.get_username() if row.user else None,
        "names": list(row.parameters().names),
        "seconds": row.seconds if row.finished_at else None,
        "counts": {state: number for state, number in counts.items() if state},
    }


def _part(row: HostRun) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in PartDocument.model_fields if name != "host_name"}
    return own | {"host": row.host_id, "host_name": row.host.name}
