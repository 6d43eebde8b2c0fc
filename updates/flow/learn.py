"""The ties that the record does not have yet, asked of the engine: one inspect each."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError
from updates.flow.ports import EnginePort, Guard, Recorder
from updates.flow.ties import Ties

logger = logging.getLogger(__name__)


def all_ties(
    engine: EnginePort,
    recorder: Recorder,
    containers: Sequence[ContainerSummary],
    known: Mapping[str, Ties],
    guard: Guard,
) -> Mapping[str, Ties]:
    """What the record knows, and what it lacks, which is asked for and kept there."""
    learned = learn(engine, containers, known, guard)
    recorder.tied(learned)
    return {**known, **learned}


def learn(
    engine: EnginePort,
    containers: Sequence[ContainerSummary],
    known: Mapping[str, Ties],
    guard: Guard,
) -> dict[str, Ties]:
    """The ties, by container id, of those that `known` lacks.

    One that vanished or cannot be inspected is left out, and is asked again the next time.
    """
    missing = [one for one in containers if one.id not in known]
    asked = ((one.id, guard(partial(_asked, engine, one), _nothing)) for one in missing)
    return {container_id: ties for container_id, ties in asked if ties is not None}


def _asked(engine: EnginePort, container: ContainerSummary) -> Ties | None:
    try:
        return Ties.of(engine.inspect_container(container.id))
    except EngineError as error:
        logger.debug("ties unknown container=%s error=%s", container.name, error)
        return None


def _nothing(_: str) -> None:
    """A fault is logged already."""
