"""A container that is gone, made again as it was: the last resort of a way back."""

from collections.abc import Mapping
from typing import Any

from updates.engine.errors import EngineError, NoSuchObject, PullFailed
from updates.engine.losses import losses
from updates.engine.spec import CreateBody
from updates.flow.needs import gone_volumes
from updates.flow.ports import EnginePort
from updates.flow.snapshot import Snapshot

EMPTY = "The old container is back, but what it had in these volumes is gone: {names}."
FETCH = "Its image is not on the host any more. Pull {name} there, and it is made again."
_PULL_S = 600.0


def body_of(old: Snapshot, engine: EnginePort, new_ids: Mapping[str, str]) -> CreateBody:
    """What it is made from. Raises EngineError."""
    return old.body(
        engine.info.api_version,
        image=old.own_image(engine),
        image_id=old.image_id,
        new_ids=new_ids,
    )


def is_twin(document: Mapping[str, Any], old: Snapshot, body: CreateBody) -> bool:
    """True for what an earlier try has made: it is on the old image, and has all that it had."""
    return document["Image"] == old.image_id and not losses(body, document)


def make(old: Snapshot, body: CreateBody, engine: EnginePort) -> tuple[str, str]:
    """(its id, what there is to say of it). Raises EngineError, in words if its image is gone."""
    gone = gone_volumes(body, engine)
    try:
        engine.inspect_image(old.image_id)
    except NoSuchObject:
        _fetch(old, engine)
    note = EMPTY.format(names=", ".join(gone)) if gone else ""
    return engine.create(old.name, body), note


def _fetch(old: Snapshot, engine: EnginePort) -> None:
    """Pull its image by its digest, as nobody in particular."""
    for name in old.image_names:
        repository, _, digest = name.partition("@")
        try:
            engine.pull(
                repository,
                tag=digest,
                auth=None,
                on_progress=lambda _: None,
                deadline_s=_PULL_S,
            )
        except EngineError:
            continue
        return
    raise PullFailed(FETCH.format(name=next(iter(old.image_names), old.reference)))
