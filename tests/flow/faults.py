"""The guard as a worker has it."""

from collections.abc import Callable


def catching[T](work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """A fault of ours is an answer."""
    try:
        return work()
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return otherwise(f"A fault: {type(error).__name__}.")
