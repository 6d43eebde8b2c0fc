"""Registries: listed, added, changed, deleted, tried; what is secret goes in and never out."""

from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from updates.api import faults
from updates.api.door import needs
from updates.api.paging import Key, Limit, Offset, Page, Text, page
from updates.api.problems import not_found, wrong
from updates.forms import PublicPemField
from updates.models import Registry, RegistryToken
from updates.models.api_token import Scope
from updates.registry.errors import InvalidReference
from updates.registry.logins.kinds import RegistryKind
from updates.registry.sign_in import SignInState
from updates.runs.probe import findings, known_references, reference_of

router = Router(tags=["registries"])
_SECRETS = ("password", "identity_token", "client_key")
_SECRET: Any = {"writeOnly": True}


class RegistryDocument(Schema):
    """A registry, with what was learned of it. Passwords, tokens and keys are never in it.

    `certificate_…` is what the registry itself shows, `sign_in` what became of the credentials.
    """

    id: int
    domain: str
    kind: str
    username: str
    has_password: bool
    has_identity_token: bool
    has_client_key: bool
    realm_hosts: str
    trust: str
    ca_pem: str
    client_cert: str
    plain_http: bool
    created_at: datetime
    answered_at: datetime | None
    failed_at: datetime | None
    last_error: str
    latency_ms: int | None
    paused_until: datetime | None
    pause_reason: str
    budget_limit: int | None
    budget_remaining: int | None
    sign_in: SignInState
    signed_in_as: str
    sign_in_refusal: str
    certificate_expires_at: datetime | None
    certificate_subject: str
    certificate_issuer: str


class RegistryChange(Schema):
    """What is left out stays as it is; "" takes a secret away."""

    model_config = ConfigDict(extra="forbid", strict=True)

    domain: str = Field("", min_length=1, max_length=255, examples=["ghcr.io"])
    kind: RegistryKind = Field(RegistryKind.GENERIC, strict=False)
    username: str = Field("", max_length=255)
    password: str = Field("", json_schema_extra=_SECRET)
    identity_token: str = Field("", json_schema_extra=_SECRET)
    realm_hosts: str = Field("", max_length=500)
    trust: Registry.Trust = Field(Registry.Trust.SYSTEM, strict=False)
    ca_pem: str = ""
    client_cert: str = ""
    client_key: str = Field("", json_schema_extra=_SECRET)
    plain_http: bool = False


class NewRegistry(RegistryChange):
    """A domain is enough."""

    domain: str = Field(min_length=1, max_length=255, examples=["ghcr.io"])


class Question(Schema):
    """The image to ask for; without it, one that is known."""

    model_config = ConfigDict(extra="forbid", strict=True)

    image: str = Field("", max_length=500)


class Step(Schema):
    """What one step of a check found."""

    step: str
    outcome: Literal["ok", "warning", "failed", "skipped"]
    sentence: str
    seconds: float


class Findings(Schema):
    steps: list[Step]


@router.get("/registries", response=Page[RegistryDocument])
@needs(Scope.READ, "updates.view_registry")
def list_registries(
    request: HttpRequest, q: Text = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """All registries by domain; `q` is looked for in domain and user name."""
    rows = _rows()
    for word in q.split():
        rows = rows.filter(Q(domain__icontains=word) | Q(username__icontains=word))
    return page(request, rows, _shown, limit, offset)


@router.post("/registries", response={201: RegistryDocument})
@needs(Scope.ADMIN, "updates.view_registry", "updates.add_registry")
def add_registry(request: HttpRequest, registry: NewRegistry) -> Status[dict[str, Any]]:
    row = Registry(**registry.model_dump(exclude_unset=True))
    faults.save(row)
    return Status(201, _shown(_found(row.pk)))


@router.get("/registries/{int:pk}", response=RegistryDocument)
@needs(Scope.READ, "updates.view_registry")
def get_registry(request: HttpRequest, pk: Key) -> dict[str, Any]:
    return _shown(_found(pk))


@router.patch("/registries/{int:pk}", response=RegistryDocument)
@needs(Scope.ADMIN, "updates.view_registry", "updates.change_registry")
def change_registry(request: HttpRequest, pk: Key, registry: RegistryChange) -> dict[str, Any]:
    row = _found(pk)
    for name, value in registry.model_dump(exclude_unset=True).items():
        setattr(row, name, value)
    faults.save(row)
    return _shown(_found(pk))


@router.delete("/registries/{int:pk}", response={204: None})
@needs(Scope.ADMIN, "updates.view_registry", "updates.delete_registry")
def delete_registry(request: HttpRequest, pk: Key) -> Status[None]:
    """The tokens kept for it go with it."""
    row = _found(pk)
    with transaction.atomic():
        RegistryToken.objects.filter(registry=row.address).delete()
        row.delete()
    return Status(204, None)


@router.post("/registries/{int:pk}/test", response=Findings)
@needs(Scope.ADMIN, "updates.view_registry", "updates.change_registry")
def try_registry(request: HttpRequest, pk: Key, question: Question | None = None) -> dict[str, Any]:
    """Go the way of a check, step by step; up to 45 seconds."""
    row = _found(pk)
    named = question.image if question else ""
    image = named or next(iter(known_references(row)), "")
    try:
        reference = reference_of(row, image) if image else None
    except InvalidReference as error:
        raise wrong("image", str(error)) from error
    return {"steps": [_step(one) for one in findings(row, reference)]}


def _rows() -> QuerySet[Registry]:
    """With `has_password` and so on; the secrets themselves are not read."""
    kept = {
        f"has_{name}": Case(When(**{name: ""}, then=Value(False)), default=Value(True))
        for name in _SECRETS
    }
    return Registry.objects.defer(*_SECRETS).annotate(**kept)


def _found(pk: int) -> Any:
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise not_found(f"registry {pk}")
    return row


def _shown(row: Any) -> dict[str, Any]:
    public = PublicPemField()
    facts = {name: getattr(row, name) for name in RegistryDocument.model_fields}
    return facts | {name: public.prepare_value(facts[name]) for name in ("ca_pem", "client_cert")}


def _step(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Step.model_fields}
