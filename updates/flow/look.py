"""What the engine has of a container, if anything."""

from collections.abc import Mapping
from typing import Any

from updates.engine.errors import NoSuchObject
from updates.flow.ports import EnginePort


def look(engine: EnginePort, container: str) -> Mapping[str, Any]:
    """Its inspect document; an empty one if it is not there. Raises EngineError."""
    try:
        return engine.inspect_container(container) if container else {}
    except NoSuchObject:
        return {}
