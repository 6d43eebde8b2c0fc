"""One part of a plan carried out: containers that depend on each other, or one alone."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial

from updates.flow.decide import Decision
from updates.flow.job import Order
from updates.flow.ports import Clock, EnginePort, Guard, Journal, Prober, Recorder, no_prober
from updates.flow.replace import Replacement
from updates.flow.rules import Rules
from updates.flow.session import Result, State
from updates.flow.unit import Member, Unit
from updates.flow.work import HELD, MADE, Work

WAITS = "Its own update waits for the next run."


@dataclass(slots=True)
class Course:
    """`new_ids`: old ids of containers that came back, to new ones.

    One that was stopped and came back under its own id is in there too: what shared its network or
    its processes has to be recreated all the same. `resting`: old ids of those that were not
    started again. `works`: what is under way in the present part, in the order it was begun;
    `begun`: when.
    """

    engine: EnginePort
    recorder: Recorder
    journal: Journal
    clock: Clock
    guard: Guard
    rules: Rules
    prober: Prober = no_prober
    new_ids: dict[str, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    works: dict[str, Work] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def is_cut_off(self, decision: Decision) -> bool:
        """True if one that it shares something with was recreated or stopped."""
        return bool(decision.action.parents & self.new_ids.keys())

    def carry_out(self, part: Sequence[Decision]) -> list[Result]:
        """Do it, parents first; a result for each, recorded as it comes."""
        self.works, self.begun, self.results = {}, {}, []
        units: dict[int, Unit] = {}
        for one in part:
            units.setdefault(one.action.unit, Unit()).waits_for += 1
        try:
            self._begin(part, units)
            for one in part:
                self._take_up(one, units[one.action.unit])
        except BaseException:
            self._break_off()
            raise
        return self.results

    def _begin(self, part: Sequence[Decision], units: dict[int, Unit]) -> None:
        """The journal knows all of a unit first. Those that nothing holds back are made, then
        stopped in reverse order."""
        ids = {one.action.container.id for one in part}
        first = [one for one in part if one.is_update and not one.action.parents & ids]
        touched = {one.action.unit for one in first if units[one.action.unit].waits_for > 1}
        for one in (one for one in part if one.action.unit in touched):
            work = self._work(one)
            self.guard(work.note, work.fault)
        if len(first) < 2:
            return
        works = [self._work(one) for one in first]
        for stage, those in ((MADE, works), (HELD, works[::-1])):
            for work in those:
                self.guard(partial(work.advance, stage), work.fault)

    def _take_up(self, decision: Decision, unit: Unit) -> None:
        unit.waits_for -= 1
        member = self._member(decision, unit)
        if member is not None:
            self._prove(member, unit)
        if unit.waits_for == 0 and unit.members:
            self._commit(unit)

    def _member(self, decision: Decision, unit: Unit) -> Member | None:
        """What is to be done with it, if anything: nothing has its result at once."""
        is_cut_off = self.is_cut_off(decision)
        started = self._started(decision)
        if decision.is_update and not unit.trouble:
            result = replace(decision.result, state=State.UPDATED)
            return Member(decision, self._work(decision), result, started)
        if decision.is_update:
            waiting = replace(decision.result, state=State.STALE, reason=WAITS, new_image_id="")
            decision = replace(decision, result=waiting, image="", image_id="")
            self._forget(decision)
        if not is_cut_off and not decision.action.leaders & self.new_ids.keys():
            self._forget(decision)
            self._record(decision.result)
            return None
        result = decision.restarted(is_cut_off=is_cut_off)
        return Member(decision, self._work(decision), result, started)

    def _prove(self, member: Member, unit: Unit) -> None:
        work, decision = member.work, member.decision
        self.guard(work.advance, work.fault)
        if work.outcome is not None:  # It declined, untouched.
            self._decline(member, unit)
        elif work.trouble:
            self._roll_back(member, unit)
        else:
            self._came_back(member)
            if work.replacement.is_resting:
                self.resting.add(decision.action.container.id)
            unit.members.append(member)

    def _decline(self, member: Member, unit: Unit) -> None:
        """Left as it is; but restarted on the image it has, if it is cut off."""
        now = self.clock.monotonic()
        decision, ended = member.decision, member.ended(now)
        if not self.is_cut_off(decision) or not decision.is_update:
            self._record(ended)
            return
        del self.works[decision.action.container.id]
        again = replace(decision, result=ended, image="", image_id="")
        result = again.restarted(is_cut_off=True)
        self._prove(Member(again, self._work(again), result, now), unit)

    def _roll_back(self, failed: Member, unit: Unit) -> None:
        """All of the unit so far, parents first: they have to run before what lives in them can."""
        name = failed.decision.action.container.name
        unit.trouble = f"{name}, which shares with it, failed: {failed.work.trouble}"
        for member in (*unit.members, failed):
            is_cut_off = self.is_cut_off(member.decision)
            member.work.roll_back(unit.trouble, is_cut_off=is_cut_off)
            self._came_back(member)
            self._record(member.ended(self.clock.monotonic()))
        unit.members.clear()

    def _commit(self, unit: Unit) -> None:
        """Every member has proved itself: the old containers go."""
        works = [member.work for member in unit.members]
        for work in works:
            work.is_committed = True
        self.journal.commit([work.replacement.page for work in works])
        for member in reversed(unit.members):
            self.guard(member.work.release, member.work.fault)
        for member in unit.members:
            self._record(member.ended(self.clock.monotonic()))

    def _break_off(self) -> None:
        """Everything under way goes back; a parent before those that need it running.

        Each of them, whatever the one before it raised: its page has to know that it was left.
        """
        touched = {*self.new_ids}
        with ExitStack() as works:  # The last one in is the first one done.
            for container_id, work in reversed(self.works.items()):
                works.callback(self._break_off_one, container_id, work, touched)

    def _break_off_one(self, container_id: str, work: Work, touched: set[str]) -> None:
        is_cut_off = bool(work.replacement.order.parents & touched)
        try:
            work.break_off(is_cut_off=is_cut_off)
        finally:
            if current := work.replacement.current_id:
                self.new_ids[container_id] = current
            if is_cut_off or current:
                touched.add(container_id)

    def _came_back(self, member: Member) -> None:
        if current := member.work.replacement.current_id:
            self.new_ids[member.decision.action.container.id] = current

    def _record(self, result: Result) -> None:
        self.recorder.result(result)
        self.results.append(result)

    def _forget(self, decision: Decision) -> None:
        """What the journal was told of one that is left as it is after all."""
        work = self.works.pop(decision.action.container.id, None)
        if work and work.outcome is None:
            work.replacement.leave(State.SKIPPED)

    def _started(self, decision: Decision) -> float:
        """When it was begun: in a batch it is made and stopped before its turn comes."""
        return self.begun.setdefault(decision.action.container.id, self.clock.monotonic())

    def _work(self, decision: Decision) -> Work:
        """What is under way for it, or its beginning."""
        action = decision.action
        if action.container.id not in self.works:
            self._started(decision)
            order = Order(
                action.container,
                self.rules.effective(action.container),
                self.new_ids,
                decision.image,
                decision.image_id,
                decision.result.new_digest if decision.is_update else "",
                decision.result.new_version if decision.is_update else "",
                parents=action.parents,
                resting=self.resting,
                ran=action.container.state == "running" and self.is_cut_off(decision),
            )
            tell = partial(self.recorder.step, action.container.id)
            self.works[action.container.id] = Work(
                Replacement(order, self.engine, self.journal, tell, self.clock, self.prober)
            )
        return self.works[action.container.id]
