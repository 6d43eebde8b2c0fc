"""One replacement in its stages, with what became of it so far."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from updates.engine.errors import EngineError
from updates.flow.endings import ConfigurationLost, Declined, GateFailed, Lacking, Meddled
from updates.flow.job import Outcome
from updates.flow.replace import BROKEN_OFF, Replacement
from updates.flow.session import State

MADE, HELD, PROVED = 1, 2, 3


@dataclass(slots=True)
class Work:
    """`trouble`: what broke it; it has not gone its way back yet. Once there is an `outcome`,
    nothing more is done.
    `is_committed`: the journal was told, or may have been, that the old one goes: from then on only
    what it says counts, and there is no way back.
    """

    replacement: Replacement
    reached: int = 0
    trouble: str = ""
    outcome: Outcome | None = None
    is_faulty: bool = False
    is_committed: bool = False

    @property
    def is_well(self) -> bool:
        return self.outcome is None and not self.trouble

    def note(self) -> None:
        """Let the journal know of it before anything is done to any of its unit."""
        self._settled(self.replacement.note)

    def advance(self, to: int = PROVED) -> None:
        """Go on to this stage, as far as all is well. A fault of ours passes through."""
        stages = (self.replacement.make, self.replacement.hold, self.replacement.prove)
        while self.is_well and self.reached < to:
            self._settled(stages[self.reached])
            self.reached += 1

    def fault(self, why: str) -> None:
        """A fault of ours broke it: it has failed, though its old container comes back."""
        self.trouble, self.is_faulty = why, True

    def release(self) -> None:
        """Give the old container up."""
        self.outcome = self.replacement.release()

    def roll_back(self, why: str = "", *, is_cut_off: bool = False) -> None:
        """Bring the old container back."""
        reason = self.trouble or why
        if not self.replacement.is_noted:
            self.outcome = Outcome(State.FAILED, reason)
            return
        outcome = self.replacement.roll_back(reason, is_cut_off=is_cut_off)
        self.outcome = replace(outcome, state=State.FAILED) if self.is_faulty else outcome

    def break_off(self, *, is_cut_off: bool = False) -> None:
        """Leave nothing half done when the work as a whole ends early; recovery finishes what is
        committed."""
        if self.replacement.is_noted and self.outcome is None and not self.is_committed:
            self.roll_back(BROKEN_OFF, is_cut_off=is_cut_off)

    def run(self) -> Outcome:
        """From its start to its end, alone. A fault of ours goes the way back, then on."""
        try:
            self.advance()
        except BaseException:
            self.break_off()
            raise
        if self.outcome is None and self.trouble:
            self.roll_back()
        if self.outcome is None:
            self.replacement.journal.commit([self.replacement.page])
            self.release()
        assert self.outcome is not None  # noqa: S101 - one of them gave it
        return self.outcome

    def _settled(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Declined as declined:
            self.outcome = Outcome(declined.state, str(declined))
        except (EngineError, ConfigurationLost, GateFailed, Lacking, Meddled) as error:
            self.trouble = str(error)
            if self.replacement.is_its_own(error):
                self.replacement.fail(self.trouble)
