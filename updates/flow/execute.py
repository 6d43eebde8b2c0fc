"""A plan carried out: pull what is stale, then recreate the containers in their order.

Rolling, one container follows the other. In a batch, those that depend on each other are stopped in
reverse order, dependants first, and started in order; what lives in another's network, and what
compose restarts, follows its parent. A container's trouble is its own result.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial

from updates.flow.decide import Decision, Decisions
from updates.flow.job import Order
from updates.flow.plan import ActionKind, Plan
from updates.flow.ports import Clock, EnginePort, Guard, Journal, Recorder
from updates.flow.replace import Replacement
from updates.flow.session import Result, State
from updates.flow.work import Work


@dataclass(slots=True)
class Execution:
    """Carries out one host's plan. `new_ids`: old ids of containers that came back, to new ones.

    One that was stopped and came back under its own id is in there too: what shared its network or
    its processes has to be recreated all the same. `resting`: old ids of those that were not
    started again.
    """

    engine: EnginePort
    recorder: Recorder
    journal: Journal
    clock: Clock
    guard: Guard
    decisions: Decisions
    is_rolling: bool = False
    new_ids: dict[str, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)

    def run(self, plan: Plan) -> list[Result]:
        """Do it all. Raises Interrupted between containers, or groups that belong together."""
        updates = [one.container for one in plan.actions if one.kind is ActionKind.UPDATE]
        references = {one.id: self.decisions.reference(one.id) for one in updates}
        self.decisions.pulls.run(updates, references)
        decided = [self.decisions.decide(action) for action in plan.actions]
        results: list[Result] = []
        for place, part in enumerate(parts := self._parts(decided)):
            # Nobody is left behind in a network that is gone.
            ahead = [one for following in parts[place:] for one in following]
            if not any(self._is_cut_off(one) for one in ahead):
                self.recorder.may_go_on()
            results += self._batch(part) if len(part) > 1 else [self._act(part[0])]
        return results

    def _parts(self, decided: Sequence[Decision]) -> list[list[Decision]]:
        """What is done together: each by itself when rolling, else each group."""
        if self.is_rolling:
            return [[one] for one in decided]
        found: dict[int, list[Decision]] = {}
        for one in decided:
            found.setdefault(one.action.group, []).append(one)
        return list(found.values())

    def _batch(self, group: Sequence[Decision]) -> list[Result]:
        """Those that nothing holds back are made, then stopped in reverse order; then go on."""
        ids = {one.action.container.id for one in group}
        first = [one for one in group if one.is_update and not one.action.parents & ids]
        works = {one.action.container.id: self._work(one) for one in first}
        with ExitStack() as unfinished:
            for work in works.values():
                unfinished.callback(work.break_off)
                self.guard(work.make, work.fail)
            for work in reversed(works.values()):
                self.guard(work.hold, work.fail)
            return [self._act(one, works.get(one.action.container.id)) for one in group]

    def _act(self, decision: Decision, work: Work | None = None) -> Result:
        """Carry out one decision, or what is left of it, and record its result."""
        started = self.clock.monotonic()
        result = self.guard(
            partial(self._carry_out, decision, work),
            lambda why: replace(decision.result, state=State.FAILED, reason=why),
        )
        result = replace(result, seconds=round(self.clock.monotonic() - started, 3))
        self.recorder.result(result)
        return result

    def _carry_out(self, decision: Decision, work: Work | None) -> Result:
        if decision.is_update:
            return self._replaced(work or self._work(decision), decision.result, State.UPDATED)
        is_cut_off = self._is_cut_off(decision)
        if not is_cut_off and not decision.action.leaders & self.new_ids.keys():
            return decision.result
        result = decision.restarted(is_cut_off=is_cut_off)
        return self._replaced(self._work(decision), result, result.state)

    def _replaced(self, work: Work, result: Result, success: State) -> Result:
        """Recreate the container; `success` is the state it has if that works."""
        replacement = work.replacement
        try:
            outcome = work.run()
        finally:
            if replacement.current_id:
                self.new_ids[result.container_id] = replacement.current_id
            if replacement.is_resting:
                self.resting.add(result.container_id)
        state = success if outcome.state is State.UPDATED else outcome.state
        reason = outcome.reason or result.reason
        return replace(result, state=state, reason=reason, new_id=outcome.new_id)

    def _work(self, decision: Decision) -> Work:
        action = decision.action
        order = Order(
            action.container,
            self.decisions.facts.rules.effective(action.container),
            self.new_ids,
            decision.image,
            decision.image_id,
            may_start=not action.parents & self.resting,
            ran=action.container.state == "running" and self._is_cut_off(decision),
        )
        tell = partial(self.recorder.step, action.container.id)
        replacement = Replacement(order, self.engine, self.journal, tell, self.clock)
        return Work(decision, replacement)

    def _is_cut_off(self, decision: Decision) -> bool:
        return bool(decision.action.parents & self.new_ids.keys())
