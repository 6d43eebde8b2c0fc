"""A plan carried out: pull what is stale, then recreate one container after the other.

A container's trouble is its own result; the others go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from updates.flow.check import Verdict
from updates.flow.clean_up import clean_up
from updates.flow.plan import RESTARTS_WITH, SHARES_NETWORK, Action, ActionKind, Plan
from updates.flow.ports import Clock, EnginePort, Guard, Journal, Recorder, RegistryPort
from updates.flow.pull import Pulls
from updates.flow.replace import Order, Replacement
from updates.flow.report import result_of
from updates.flow.session import Params, Result, State
from updates.registry.reference import Reference

NETWORK_STAYED = "Its network's owner stayed."
LEADER_STAYED = "What compose restarts it with stayed."
SAME_IMAGE = "The pull brought the same image."
MIRROR_LAGS = (
    "The engine pulled an earlier image than the registry names: its mirror or proxy lags behind. "
    "It is tried again in the next run."
)


@dataclass(slots=True)
class Execution:
    """Carries out one host's plan. `new_ids`: old ids of containers that came back, to new ones.

    One that was stopped and came back under its own id is in there too: what lived in its network
    has to be recreated all the same.
    """

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    journal: Journal
    params: Params
    clock: Clock
    guard: Guard
    pulls: Pulls
    verdicts: Mapping[str, Verdict]
    new_ids: dict[str, str] = field(default_factory=dict)

    def run(self, plan: Plan) -> None:
        """Do it all. Raises Interrupted between containers, or groups that share a network."""
        updates = [one.container for one in plan.actions if one.kind is ActionKind.UPDATE]
        self.pulls.run(updates, {one.id: self._reference(one.id) for one in updates})
        results = []
        for place, action in enumerate(plan.actions):
            # Nobody is left behind in a network that is gone.
            if not any(self._must_restart(one) for one in plan.actions[place:]):
                self.recorder.may_go_on()
            results.append(self._act(action))
        if self.params.cleanup:
            old = {one.old_image_id for one in results if one.state is State.UPDATED}
            clean_up(self.engine, old, self.recorder.note)

    def _act(self, action: Action) -> Result:
        """Carry out one action and record its result."""
        started = self.clock.monotonic()
        verdict = self.verdicts.get(action.container.id)
        result = result_of(action.container, verdict, State.FAILED, action.reason)
        work = partial(self._carry_out, action, result)
        result = self.guard(work, lambda why: replace(result, reason=why))
        result = replace(result, seconds=round(self.clock.monotonic() - started, 3))
        self.recorder.result(result)
        return result

    def _carry_out(self, action: Action, result: Result) -> Result:
        if action.kind is ActionKind.RESTART:
            reason = NETWORK_STAYED if action.parents else LEADER_STAYED
            stayed = replace(result, state=State.FRESH, reason=reason)
            return self._restarted(action, stayed)
        reference = self._reference(action.container.id)
        if error := self.pulls.errors.get(reference):
            return self._restarted(action, replace(result, reason=error))
        if why := self.pulls.unavailable.get(reference):
            return self._restarted(action, replace(result, state=State.SKIPPED, reason=why))
        image_id = self.pulls.image_ids[reference]
        if image_id == action.container.image_id:
            return self._restarted(action, self._unchanged(reference, result))
        digest = self.pulls.digests.get(reference) or result.new_digest
        result = replace(result, new_digest=digest, new_image_id=image_id)
        order = self._order(action, reference.familiar, image_id)
        return self._replaced(order, result, State.UPDATED)

    def _unchanged(self, reference: Reference, result: Result) -> Result:
        """The pull brought the same image: remembered, so that it is not pulled again.

        Not so if the engine had another digest than the registry names.
        """
        pulled = self.pulls.digests.get(reference) or result.new_digest
        if result.new_digest and pulled != result.new_digest:
            return replace(result, state=State.STALE, reason=MIRROR_LAGS)
        if pulled:
            self.registries.settle(pulled, result.old_image_id)
        return replace(result, state=State.FRESH, reason=SAME_IMAGE, new_digest=pulled)

    def _restarted(self, action: Action, result: Result) -> Result:
        """The result as it is; or the container recreated on the image it has, if its network is
        another one now or compose restarts it with one that was recreated.

        A failed pull stays its failure, and why there was none is told.
        """
        if not self._must_restart(action) and not action.leaders & self.new_ids.keys():
            return result
        cause = SHARES_NETWORK if self._must_restart(action) else RESTARTS_WITH
        if result.state is State.FAILED:
            done = replace(result, reason=f"{result.reason} {cause}")
            return self._replaced(self._order(action), done, State.FAILED)
        why = "" if result.state is State.FRESH else f"{result.reason} "
        reason = f"{why}{cause}"
        done = replace(result, reason=reason, new_image_id=result.old_image_id)
        return self._replaced(self._order(action), done, State.RESTARTED)

    def _replaced(self, order: Order, result: Result, success: State) -> Result:
        """Recreate the container; `success` is the state it has if that works."""
        replacement = Replacement(
            order, self.engine, self.journal, partial(self.recorder.step, result.container_id),
            self.clock,
        )  # fmt: skip
        try:
            outcome = replacement.run()
        finally:
            if replacement.current_id:
                self.new_ids[result.container_id] = replacement.current_id
        state = success if outcome.state is State.UPDATED else outcome.state
        reason = outcome.reason or result.reason
        return replace(result, state=state, reason=reason, new_id=outcome.new_id)

    def _order(self, action: Action, image: str = "", image_id: str = "") -> Order:
        times = (self.params.stop_timeout, self.params.gate_seconds)
        return Order(action.container, *times, self.new_ids, image, image_id)

    def _must_restart(self, action: Action) -> bool:
        return bool(action.parents & self.new_ids.keys())

    def _reference(self, container_id: str) -> Reference:
        reference = self.verdicts[container_id].reference
        assert reference is not None  # noqa: S101 - a stale verdict names one
        return reference
