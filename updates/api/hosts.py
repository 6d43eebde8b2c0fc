"""Hosts: listed, added, changed, deleted, tried."""

from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from updates.api import faults
from updates.api.caller import ApiRequest
from updates.api.door import needs
from updates.api.paging import Key, Limit, Offset, Page, Text, page
from updates.api.problems import Problem, not_found
from updates.engine.probing.findings import Finding
from updates.forms import PublicPemField
from updates.models import Host
from updates.models.api_token import Scope
from updates.runs.host_probe import trouble_in, try_out
from updates.runs.host_removal import HostBusy, remove

router = Router(tags=["hosts"])
_SECRET: Any = {"writeOnly": True}


class HostDocument(Schema):
    """A host. Its client key is never in it."""

    id: int
    name: str
    url: str
    enabled: bool
    queue: str
    tls_ca: str
    tls_cert: str
    has_tls_key: bool
    created_at: datetime
    last_seen_at: datetime | None
    last_error: str
    engine_version: str
    api_version: str
    latency_ms: int | None


class HostChange(Schema):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field("", min_length=1, max_length=100, pattern=r"^[-a-zA-Z0-9_]+$")
    url: str = Field("", min_length=1, max_length=500, examples=["tcp://10.0.0.5:2376"])
    enabled: bool = True
    queue: str = Field("", max_length=50, pattern=r"^[-a-zA-Z0-9_]*$")
    tls_ca: str = Field("", description="PEM.")
    tls_cert: str = Field("", description="PEM.")
    tls_key: str = Field("", description="PEM. Never shown again.", json_schema_extra=_SECRET)


class NewHost(HostChange):
    """A name and an address are enough."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[-a-zA-Z0-9_]+$")
    url: str = Field(min_length=1, max_length=500, examples=["tcp://10.0.0.5:2376"])


class TrialStep(Schema):
    """A step on the way, and what was found there."""

    step: str
    outcome: str
    sentence: str
    seconds: float


class Trial(Schema):
    """What came of trying to reach a host."""

    reached: bool
    error: str
    engine_version: str
    api_version: str
    steps: list[TrialStep]


@router.get("/hosts", response=Page[HostDocument])
def list_hosts(
    request: HttpRequest, q: Text = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """All hosts by name; `q` is looked for in name and address."""
    rows = _rows()
    for word in q.split():
        rows = rows.filter(name__icontains=word) | rows.filter(url__icontains=word)
    return page(request, rows, _shown, limit, offset)


@router.post("/hosts", response={201: HostDocument})
@needs(Scope.ADMIN, "updates.add_host")
def add_host(request: HttpRequest, host: NewHost) -> Status[dict[str, Any]]:
    row = Host(**host.model_dump(exclude_unset=True))
    faults.save(row)
    return Status(201, _shown(_found(row.pk)))


@router.get("/hosts/{int:pk}", response=HostDocument)
def get_host(request: HttpRequest, pk: Key) -> dict[str, Any]:
    return _shown(_found(pk))


@router.patch("/hosts/{int:pk}", response=HostDocument)
@needs(Scope.ADMIN, "updates.change_host")
def change_host(request: HttpRequest, pk: Key, host: HostChange) -> dict[str, Any]:
    row = _found(pk)
    changed = host.model_dump(exclude_unset=True)
    for name, value in changed.items():
        setattr(row, name, value)
    faults.save(row, changed)
    return _shown(_found(pk))


@router.delete("/hosts/{int:pk}", response={204: None})
@needs(Scope.ADMIN, "updates.delete_host")
def delete_host(request: HttpRequest, pk: Key) -> Status[None]:
    """Its containers and its part of the history go with it. Not while a run is open there.

    Schedules and notification channels that are for it alone are switched off.
    """
    row = _found(pk)
    try:
        remove(row)
    except HostBusy as error:
        raise Problem(409, str(error)) from error
    return Status(204, None)


@router.post("/hosts/{int:pk}/test", response=Trial)
@needs(Scope.ADMIN, "updates.change_host")
def try_host(request: ApiRequest, pk: Key) -> dict[str, Any]:
    """Connect to its engine, ten seconds for each wait at most, and note what came of it."""
    findings = try_out(_found(pk))
    trouble = trouble_in(findings)
    info = next((one.info for one in findings if one.info), None)
    return {
        "reached": not trouble,
        "error": trouble,
        "engine_version": info.version if info else "",
        "api_version": info.api_version if info else "",
        "steps": list(map(_step, findings)),
    }


def _step(found: Finding) -> dict[str, Any]:
    return {name: getattr(found, name) for name in TrialStep.model_fields}


def _rows() -> QuerySet[Host]:
    """With `has_tls_key`; the key itself is not read."""
    is_kept = Case(When(tls_key="", then=Value(False)), default=Value(True))
    return Host.objects.defer("tls_key").annotate(has_tls_key=is_kept)


def _found(pk: int) -> Any:
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise not_found(f"host {pk}")
    return row


def _shown(row: Any) -> dict[str, Any]:
    public = PublicPemField()
    facts = {name: getattr(row, name) for name in HostDocument.model_fields}
    return facts | {name: public.prepare_value(facts[name]) for name in ("tls_ca", "tls_cert")}
