"""Containers: the inventory as the hosts last listed it, and one with its past."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Schema

from updates.api.paging import Key, Limit, Offset, Page, Stream, Text, page
from updates.api.problems import not_found
from updates.api.results import ResultDocument, history_of
from updates.flow.session import CheckStatus
from updates.models import Container, Hold
from updates.runs import past

router = Router(tags=["containers"])
_HISTORY_SHOWN = 25


class ContainerDocument(Schema):
    """A container. `status` is how its image stands to the registry, `state` the engine's word."""

    id: int
    host: int
    host_name: str
    name: str
    container_id: str
    image: str
    image_id: str
    stack: str
    state: str
    health: str
    status: str
    status_reason: str
    local_digest: str
    remote_digest: str
    created_at: datetime | None
    checked_at: datetime | None
    answered_at: datetime | None
    updated_at: datetime | None
    held_until: datetime | None


class HoldDocument(Schema):
    """What keeps it on its image: one digest is blocked, or with "" whatever the registry has."""

    digest: str
    version: str
    reason: str
    created_at: datetime
    user: str | None


class ImageDocument(Schema):
    """An image it had: where it can go back to. `key` is what `rollback` takes."""

    key: str
    reference: str
    version: str
    until: datetime | None


class ContainerDetail(ContainerDocument):
    """With what holds it, the images it had, and what was done to it."""

    holds: list[HoldDocument]
    images: list[ImageDocument]
    history: Stream[ResultDocument]


@router.get("/containers", response=Page[ContainerDocument])
def list_containers(
    request: HttpRequest,
    q: Text = "",
    host: Key | None = None,
    name: Text = "",
    image: Text = "",
    stack: Text = "",
    state: Text = "",
    status: CheckStatus | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """By host and name. `q` is looked for in name, image and stack, `image` in the image."""
    exactly = {"host": host, "name": name, "stack": stack, "state": state, "status": status}
    rows = Container.objects.filter(**{field: one for field, one in exactly.items() if one})
    if image:
        rows = rows.filter(image__icontains=image)
    for word in q.split():
        fits = Q(name__icontains=word) | Q(image__icontains=word) | Q(stack__icontains=word)
        rows = rows.filter(fits)
    return page(request, rows.select_related("host"), _shown, limit, offset)


@router.get("/containers/{int:pk}", response=ContainerDetail)
def get_container(request: HttpRequest, pk: Key) -> dict[str, Any]:
    row = container(pk)
    held = Hold.objects.of(row.host_id, row.name).select_related("user")
    return _shown(row) | {
        "holds": [hold_document(one) for one in held],
        "images": [_image(one) for one in past.images_of(row.host, row.name)],
        "history": history_of(row.host_id, row.name, _HISTORY_SHOWN),
    }


def container(pk: int) -> Container:
    """Raises Problem 404."""
    row = Container.objects.select_related("host").filter(pk=pk).first()
    if row is None:
        raise not_found(f"container {pk}")
    return row


def _shown(row: Container) -> dict[str, Any]:
    own = {
        name: getattr(row, name) for name in ContainerDocument.model_fields if name != "host_name"
    }
    return own | {"host": row.host_id, "host_name": row.host.name}


def hold_document(row: Hold) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("digest", "version", "reason", "created_at")}
    return facts | {"user": row.user.get_username() if row.user else None}


def _image(one: past.Had) -> dict[str, Any]:
    return {
        "key": one.key,
        "reference": one.past.reference,
        "version": one.past.version,
        "until": one.until,
    }
