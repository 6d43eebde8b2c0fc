"""The one place that takes any exception for an answer: a fault of ours stays where it happened."""

import logging
from collections.abc import Callable

from updates.engine.errors import EngineError
from updates.flow.session import Interrupted

logger = logging.getLogger(__name__)
FAULT = "A fault in Watchweb itself ended this; its log says more."


def guarded[T](work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """Do the work; a fault in it is logged and ends in `otherwise(sentence)`.

    What the flow knows how to answer goes through: EngineError, Interrupted.
    """
    try:
        return work()
    except (EngineError, Interrupted):
        raise
    except Exception:
        logger.exception("a fault of ours")
        return otherwise(FAULT)
