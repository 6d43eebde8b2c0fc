"""The course of a run on one host: list, filter, check, plan, pull, replace, clean up.

Per host one container list and one image list; per distinct reference one question to its registry;
an inspect only for what is replaced, for a container whose list entry names no image, and once in
a container's life for its ties, when something on its host is to be replaced.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from updates.engine.container import ContainerSummary
from updates.flow import cooldown, labels
from updates.flow.check import Images, Verdict
from updates.flow.clean_up import CleanUp
from updates.flow.decide import Decisions
from updates.flow.execute import Execution
from updates.flow.holds import Holds, why_held
from updates.flow.learn import all_ties
from updates.flow.plan import Plan, make_plan
from updates.flow.policy import Policies
from updates.flow.ports import (
    Clock,
    EnginePort,
    Guard,
    Journal,
    Prober,
    Recorder,
    RegistryPort,
    Replaced,
    no_prober,
    unguarded,
)
from updates.flow.pull import Pulls
from updates.flow.report import Facts, untouched
from updates.flow.rounds import Rounds
from updates.flow.rules import Rules
from updates.flow.session import Cancelled, Kind, Params, Result, State, Step
from updates.flow.survey import Survey

Recognise = Callable[[Sequence[ContainerSummary]], Collection[str]]


def nobody(_: Sequence[ContainerSummary]) -> Collection[str]:
    """Watchweb runs in none of them."""
    return ()


@dataclass(slots=True)
class HostUpdate:
    """One host's part of a run. `own`: the ids of those that Watchweb itself runs in. `done`: of
    those that an earlier part of this very run has dealt with."""

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    journal: Journal
    params: Params
    clock: Clock
    own: Recognise = nobody
    pull_timeout_s: float = 1800.0
    guard: Guard = unguarded
    policies: Policies = field(default_factory=Policies)
    host_name: str = ""
    prober: Prober = no_prober
    done: Collection[str] = ()

    def run(self) -> None:
        """Do it all. Raises EngineError if the host itself fails, Interrupted if told to stop,
        Cancelled once it is wound up."""
        rules = Rules.of_run(self.params, self.policies, self.host_name)
        listed = self.engine.containers()
        own_ids, containers = self.own(listed), without_helpers(listed)
        images = self.engine.images()
        self.recorder.inventory(containers, images)
        survey = Survey(self.engine, self.registries, rules, own_ids, self.guard)
        chosen = [one for one in survey.choose(containers) if one.id not in self.done]
        if not chosen and not self.done:
            self.recorder.note("No container on this host takes part in this run.")
        self._complain(chosen, rules)
        rounds = Rounds(self.engine, self.recorder, rules, self.guard)
        if self._is_update:
            rounds.run(Step.PRE_CHECK, chosen)
        survey.check(chosen, Images.of(images))
        self.recorder.checked(survey.verdicts)
        facts = Facts(rules, {image.id: image for image in images})
        try:
            self._go_on(containers, chosen, survey, facts)
        except Cancelled:
            rounds.run(Step.POST_CHECK, chosen)  # It may start what a pre-check command stopped.
            raise
        if self._is_update:
            rounds.run(Step.POST_CHECK, chosen)

    @property
    def _is_update(self) -> bool:
        return self.params.kind is Kind.UPDATE

    def _go_on(
        self,
        containers: Sequence[ContainerSummary],
        chosen: Sequence[ContainerSummary],
        survey: Survey,
        facts: Facts,
    ) -> None:
        """From the verdicts to the end."""
        verdicts = {one.id: survey.verdicts[one.id] for one in chosen}
        stale = [one for one in chosen if verdicts[one.id].is_stale]
        held: Holds = self.recorder.holds() if stale else {}
        make = partial(
            make_plan,
            containers,
            verdicts,
            facts.rules,
            survey.own_ids,
            cooling=self._cooling(stale, survey, facts.rules),
            held=_held(stale, verdicts, held),
        )
        plan = self._plan(make, containers)
        self.recorder.planned(plan)
        self.recorder.results(tuple(untouched(chosen, survey.verdicts, plan, facts)))
        results = []
        if plan.actions:
            results = self._carried_out(plan, self._execution(survey, facts, held))
        if self._is_update:
            tell = self.recorder.note
            self.guard(partial(self._clean_up, chosen, results, facts), tell)
        if plan.actions:
            self._look_again()

    def _carried_out(self, plan: Plan, execution: Execution) -> list[Result]:
        try:
            return execution.run(plan)
        except Cancelled:
            self._look_again()
            raise

    def _look_again(self) -> None:
        listed = self.engine.containers()
        self.recorder.inventory(without_helpers(listed), self.engine.images())

    def _plan(self, make: Callable[..., Plan], containers: Sequence[ContainerSummary]) -> Plan:
        """The plan; a scan's has no actions. Missing ties are asked for when something is done."""
        known = self.recorder.known_ties()
        plan = make(ties=known)
        if not self._is_update:
            return Plan(left=plan.left, skipped=plan.skipped, cooling=plan.cooling)
        if not plan.actions:
            return plan
        ties = all_ties(self.engine, self.recorder, containers, known, self.guard)
        return make(ties=ties) if len(ties) > len(known) else plan

    def _cooling(
        self, stale: Sequence[ContainerSummary], survey: Survey, rules: Rules
    ) -> dict[str, datetime]:
        """Those whose new image is too young for them, and until when. Each new digest is noted."""
        digests = {survey.verdicts[one.id].remote_digest for one in stale} - {""}
        seen: Mapping[str, datetime] = self.recorder.first_seen(digests) if digests else {}
        ends = {
            one.id: cooldown.until_seen(survey.verdicts[one.id], rules.of(one), seen)
            for one in stale
        }
        now = self.clock.now()
        return {key: end for key, end in ends.items() if end and not cooldown.is_over(end, now)}

    def _clean_up(
        self, chosen: Sequence[ContainerSummary], results: Sequence[Result], facts: Facts
    ) -> None:
        """Remove what nothing needs any more, where that is wanted at all."""
        if not any(facts.rules.of(container).cleanup for container in chosen):
            return
        now = self.clock.now()
        mine = [
            Replaced(one.name, one.old_image_id, now)
            for one in results
            if one.state is State.UPDATED
        ]
        replaced = [*self.recorder.replaced(), *mine]
        CleanUp(self.engine, self.recorder, facts.rules).run(replaced, facts.images.keys(), now)

    def _complain(self, chosen: Sequence[ContainerSummary], rules: Rules) -> None:
        """Say of which labels nobody knows what they mean."""
        for container in chosen:
            for complaint in rules.effective(container).complaints:
                self.recorder.note(f"{container.name}: {complaint}")

    def _execution(self, survey: Survey, facts: Facts, held: Holds) -> Execution:
        stale = [verdict for verdict in survey.verdicts.values() if verdict.is_stale]
        to_pull = {one.reference for one in stale if not one.is_here}
        # What asks no registry (no-pull) names no digest, and hides none that another one asked.
        stale.sort(key=lambda one: bool(one.remote_digest))
        named = {one.reference: one.remote_digest for one in stale if one.reference}
        here = named.keys() - to_pull
        pulls = Pulls(
            self.engine,
            self.registries,
            self.recorder,
            self.guard,
            self.pull_timeout_s,
            here,
            named,
            monotonic=self.clock.monotonic,
        )
        decisions = Decisions(self.registries, pulls, survey.verdicts, facts, self.clock, held)
        return Execution.on(self, decisions)


def _held(
    stale: Sequence[ContainerSummary], verdicts: Mapping[str, Verdict], known: Holds
) -> dict[str, str]:
    """Those that stay on the image they have, by id, and why."""
    found = {}
    for one in stale:
        verdict = verdicts[one.id]
        mine = known.get(one.name, ())
        if why := why_held(mine, verdict.remote_digest, verdict.new_image_id):
            found[one.id] = why
    return found


def without_helpers(containers: Sequence[ContainerSummary]) -> list[ContainerSummary]:
    """A helper of Watchweb's is gone in a moment: it is no part of a run, nor of the inventory."""
    return [one for one in containers if labels.HELPER not in one.labels]
