"""Containers of a plan that share something: they succeed together, or roll back together.

A unit is most often one container alone. Its members are taken up in their order, each proven
before the next one; only when all are, the old ones are given up.
"""

from dataclasses import dataclass, field, replace

from updates.flow.decide import Decision
from updates.flow.job import Outcome
from updates.flow.session import Result, State
from updates.flow.work import Work


@dataclass(slots=True)
class Member:
    """One of them being carried out. `result` is what it will be if all goes well, with the seconds
    that were spent on it before `started`."""

    decision: Decision
    work: Work
    result: Result
    started: float

    def ended(self, monotonic: float) -> Result:
        """Its result by what became of it."""
        outcome = self.work.outcome or Outcome(State.FAILED, self.work.trouble)
        state = self.result.state if outcome.state is State.UPDATED else outcome.state
        return replace(
            self.result,
            state=state,
            reason=outcome.reason or self.result.reason,
            new_id=outcome.new_id,
            log=outcome.log,
            blames_image=outcome.blames_image,
            seconds=round(self.result.seconds + monotonic - self.started, 3),
        )


@dataclass(slots=True)
class Unit:
    """`waits_for`: how many of the plan belong to it and were not taken up yet.

    `trouble`: why it was rolled back, "" while all is well.
    """

    waits_for: int = 0
    members: list[Member] = field(default_factory=list)
    trouble: str = ""
