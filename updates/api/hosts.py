"""Hosts: listed, added, changed, deleted, tried."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from updates.api import faults
from updates.api.caller import ApiRequest
from updates.api.door import needs
from updates.api.paging import Key, Limit, Offset, Page, Text, page
from updates.api.problems import Problem, not_found
from updates.engine.client import Engine
from updates.engine.errors import EngineError
from updates.forms import PublicPemField
from updates.models import Host, HostRun
from updates.models.api_token import Scope

router = Router(tags=["hosts"])
_TRIED_FOR_S = 10.0
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


class Trial(Schema):
    """What came of trying to reach a host."""

    reached: bool
    error: str
    engine_version: str
    api_version: str


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
    """Its containers and its part of the history go with it. Not while a run is open there."""
    row = _found(pk)
    with transaction.atomic():
        if HostRun.objects.open().filter(host=row).exists():
            raise Problem(409, f"A run is open on {row}. Wait for its end, or cancel it.")
        row.delete()
    return Status(204, None)


@router.post("/hosts/{int:pk}/test", response=Trial)
@needs(Scope.ADMIN, "updates.change_host")
def try_host(request: ApiRequest, pk: Key) -> dict[str, Any]:
    """Connect to its engine, for ten seconds at most, and note what came of it."""
    row = _found(pk)
    try:
        with Engine(row.endpoint(), timeout_s=_TRIED_FOR_S) as engine:
            info = engine.open()
    except EngineError as error:
        row.mark_failed(str(error))
        return {"reached": False, "error": str(error), "engine_version": "", "api_version": ""}
    row.mark_seen(info)
    facts = {"engine_version": info.version, "api_version": info.api_version}
    return {"reached": True, "error": "", **facts}


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
