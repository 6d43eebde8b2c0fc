"""A plan carried out: pull what is stale, then recreate the containers in their order.

Rolling, one container follows the other, and the first failure ends it. In a batch, those that
depend on each other are stopped in reverse order, dependants first, and started in order; what
lives in another's network, and what compose restarts, follows its parent. Those that share
something succeed or roll back together (unit); beyond that a container's trouble is its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from updates.flow.course import Course
from updates.flow.decide import Decision, Decisions
from updates.flow.plan import ActionKind, Plan
from updates.flow.ports import Clock, EnginePort, Guard, Journal, Prober, Recorder
from updates.flow.session import Result, State

STOPPED = "A container before it failed, and the rolling update ended there."
_BAD = (State.FAILED, State.ROLLED_BACK)


class Site(Protocol):
    """A run on one host, with all that its plan is carried out with."""

    engine: EnginePort
    recorder: Recorder
    journal: Journal
    clock: Clock
    guard: Guard
    prober: Prober


@dataclass(slots=True)
class Execution:
    """Carries out one host's plan."""

    recorder: Recorder
    decisions: Decisions
    course: Course
    is_rolling: bool = False
    stops_on_failure: bool = True
    results: list[Result] = field(default_factory=list)

    @classmethod
    def on(cls, site: Site, decisions: Decisions) -> Self:
        """As the host's settings want it: rolling or in a batch, ended by a failure or not."""
        rules = decisions.facts.rules
        course = Course(
            site.engine,
            site.recorder,
            site.journal,
            site.clock,
            site.guard,
            rules,
            site.prober,
        )
        host = rules.host
        return cls(site.recorder, decisions, course, host.rolling_restart, host.rolling_stops)

    def run(self, plan: Plan) -> list[Result]:
        """Do it all. Raises Interrupted between containers, or groups that belong together."""
        updates = [one.container for one in plan.actions if one.kind is ActionKind.UPDATE]
        references = {one.id: self.decisions.reference(one.id) for one in updates}
        self.decisions.pulls.run(updates, references)
        parts = self._parts([self.decisions.decide(action) for action in plan.actions])
        for place, part in enumerate(parts):
            ahead = [one for following in parts[place:] for one in following]
            # Nobody is left behind in a network that is gone.
            if not any(self.course.is_cut_off(one) for one in ahead):
                self.recorder.may_go_on()
            if self._is_over() and not any(self.course.is_cut_off(one) for one in part):
                self._leave(part)
            else:
                self.results += self.course.carry_out(part)
        return self.results

    def _parts(self, decided: Sequence[Decision]) -> list[list[Decision]]:
        """What is done together: each unit by itself when rolling, else each group."""
        found: dict[int, list[Decision]] = {}
        for one in decided:
            number = one.action.unit if self.is_rolling else one.action.group
            found.setdefault(number, []).append(one)
        return list(found.values())

    def _is_over(self) -> bool:
        has_failed = any(result.state in _BAD for result in self.results)
        return self.is_rolling and self.stops_on_failure and has_failed

    def _leave(self, part: Sequence[Decision]) -> None:
        for decision in part:
            left = decision.result
            if decision.is_update:
                left = replace(left, state=State.STALE, reason=STOPPED)
            elif decision.action.leaders & self.course.new_ids.keys():
                left = replace(left, state=State.SKIPPED, reason=STOPPED)
            self.recorder.result(left)
            self.results.append(left)
