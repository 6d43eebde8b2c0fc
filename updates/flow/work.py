"""One replacement in its stages, with the outcome that one of them may have had."""

from collections.abc import Callable
from dataclasses import dataclass

from updates.flow.decide import Decision
from updates.flow.job import Outcome
from updates.flow.replace import BROKEN_OFF, Replacement
from updates.flow.session import State


@dataclass(slots=True)
class Work:
    """A decision being carried out. Once there is an `outcome`, no further stage does anything.

    `waits`: between two stages; a stage that breaks goes its own way back.
    """

    decision: Decision
    replacement: Replacement
    outcome: Outcome | None = None
    is_begun: bool = False
    waits: bool = False

    def make(self) -> None:
        self.is_begun = True
        self._stage(self.replacement.make)

    def hold(self) -> None:
        self._stage(self.replacement.hold)

    def run(self) -> Outcome:
        """What is left of it, from wherever it stands."""
        if not self.is_begun:
            self.make()
            self.hold()
        self._stage(self.replacement.finish)
        return self.outcome or Outcome(State.FAILED, BROKEN_OFF)

    def fail(self, why: str) -> None:
        """A fault ended it; the old container is back already."""
        self.outcome = Outcome(State.FAILED, why)

    def break_off(self) -> None:
        """Leave nothing half done when the work as a whole ends early."""
        if self.waits:
            self.waits = False
            self.replacement.break_off()

    def _stage(self, do: Callable[[], Outcome | None]) -> None:
        self.waits = False
        if self.outcome is None:
            self.outcome = do()
            self.waits = self.outcome is None
