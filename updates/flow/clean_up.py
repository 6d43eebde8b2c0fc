"""Old images that no container of a host needs any more."""

from collections.abc import Callable, Collection
from contextlib import suppress

from updates.engine.errors import EngineError, NoSuchObject
from updates.flow.ports import EnginePort
from updates.flow.pull import KEEP_REPOSITORY, kept_tag


def clean_up(engine: EnginePort, image_ids: Collection[str], note: Callable[[str], None]) -> None:
    """Remove these images, but none that a container uses, and by force none at all."""
    needed = {container.image_id for container in engine.containers()}
    for image_id in sorted(set(image_ids) - needed):
        try:
            _remove(engine, image_id)
        except EngineError as error:
            note(f"The old image {kept_tag(image_id)} could not be removed: {error}")
        else:
            note(f"Removed the old image {kept_tag(image_id)}.")


def _remove(engine: EnginePort, image_id: str) -> None:
    # An engine removes no image by its id while names in several repositories point to it.
    with suppress(NoSuchObject):
        engine.remove_image(f"{KEEP_REPOSITORY}:{kept_tag(image_id)}")
    with suppress(NoSuchObject):
        engine.remove_image(image_id)
