"""What is done to one container: back to an image, held or released, a digest blocked or not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from updates.api.caller import ApiRequest
from updates.api.containers import HoldDocument, container, hold_document
from updates.api.door import needs
from updates.api.once import once
from updates.api.paging import Key
from updates.api.problems import Problem, not_found, wrong
from updates.api.runs import RunDocument, started
from updates.models import Hold, UpdateRun
from updates.models.api_token import Scope
from updates.runs import holds
from updates.triggers import NothingToDo, trigger_back

router = Router(tags=["containers"])
_DIGEST = r"^sha256:[0-9a-f]{64}$"


class Back(Schema):
    """Where to; without it, to the image before this one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    to: str = Field("", max_length=150, description="A digest or id, or its first six digits.")


class Why(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field("", max_length=1000)


class Block(Why):
    """Which image; without it, the one that the registry has now."""

    digest: str = Field("", pattern=f"{_DIGEST}|^$")


@router.post("/containers/{int:pk}/rollback", response={202: RunDocument})
@needs(Scope.UPDATE, "updates.start_run")
def roll_back(
    request: ApiRequest, response: HttpResponse, pk: Key, back: Back | None = None
) -> Status[dict[str, Any]]:
    """Start a run that sends it back to an image it had. Afterwards it is held."""
    row = container(pk)
    to = back.to if back else ""

    def start() -> UpdateRun:
        facts: Any = {"source": UpdateRun.Trigger.API, "user": request.caller.user}
        return trigger_back(row.host, row.name, to=to, **facts)

    try:
        run = once(request, {"to": to}, start)
    except NothingToDo as error:
        raise Problem(409, str(error)) from error
    return started(response, run)


@router.put("/containers/{int:pk}/hold", response=HoldDocument)
@needs(Scope.UPDATE, "updates.start_run")
def hold(request: ApiRequest, pk: Key, why: Why | None = None) -> dict[str, Any]:
    """Leave it on the image it has, until it is released."""
    row = container(pk)
    user = request.caller.user
    reason = (why.reason if why else "") or f"{user} holds it."
    holds.hold(row.host_id, row.name, reason, user)
    found = Hold.objects.of(row.host_id, row.name).for_all().select_related("user")
    return hold_document(found.get())


@router.delete("/containers/{int:pk}/hold", response={204: None})
@needs(Scope.UPDATE, "updates.start_run")
def release(request: HttpRequest, pk: Key) -> Status[None]:
    """Let the next run update it again."""
    return _lift(pk, "", "hold")


@router.put("/containers/{int:pk}/blocks", response=HoldDocument)
@needs(Scope.UPDATE, "updates.start_run")
def block(request: ApiRequest, pk: Key, which: Block | None = None) -> dict[str, Any]:
    """Keep one image away from it: that is skipped, and the next one is taken."""
    row = container(pk)
    digest = (which.digest if which else "") or row.remote_digest
    if not digest:
        raise wrong("digest", "Nobody knows what the registry has now: name the digest.")
    user = request.caller.user
    reason = (which.reason if which else "") or f"{user} blocked it."
    return hold_document(holds.block_digest(row.host_id, row.name, digest, reason, user))


@router.delete("/containers/{int:pk}/blocks/{digest}", response={204: None})
@needs(Scope.UPDATE, "updates.start_run")
def approve(request: HttpRequest, pk: Key, digest: str) -> Status[None]:
    """Let the next run take this image, which was blocked."""
    return _lift(pk, digest, f"block of {digest}")


def _lift(pk: int, digest: str, what: str) -> Status[None]:
    row = container(pk)
    found = Hold.objects.of(row.host_id, row.name).filter(digest=digest).first()
    if found is None:
        raise not_found(f"{what} of {row.name}" if not digest else f"{what} for {row.name}")
    holds.lift(found)
    return Status(204, None)
