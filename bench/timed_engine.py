"""An engine's client that notes when each of its calls began and ended."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Call:
    """One call by its name in `Engine`; monotonic seconds."""

    name: str
    began_at: float
    ended_at: float

    @property
    def seconds(self) -> float:
        return self.ended_at - self.began_at


class TimedEngine(Engine):
    """`timed`: its calls in order, those that failed left out."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.timed: list[Call] = []

    @contextmanager
    def _calling(self, name: str) -> Iterator[Any]:
        began_at = time.monotonic()
        with super()._calling(name) as api:
            yield api
        self.timed.append(Call(name, began_at, time.monotonic()))


def between(calls: Sequence[Call], first: str, last: str) -> list[Call]:
    """The calls from the first one of a name to the last one of another, both included."""
    names = [one.name for one in calls]
    return list(calls[names.index(first) : len(names) - names[::-1].index(last)])
