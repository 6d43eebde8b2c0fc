"""The course of a run on one host: list, filter, check, plan, pull, replace, clean up.

Per host one container list and one image list; per distinct reference one question to its registry;
an inspect only for what is replaced, or for a container whose list entry names no image.
"""

from collections.abc import Collection
from dataclasses import dataclass

from updates.flow.check import Images
from updates.flow.execute import Execution
from updates.flow.plan import Plan, make_plan
from updates.flow.ports import (
    Clock,
    EnginePort,
    Guard,
    Journal,
    Recorder,
    RegistryPort,
    unguarded,
)
from updates.flow.pull import Pulls
from updates.flow.report import untouched
from updates.flow.session import Kind, Params
from updates.flow.survey import Survey


@dataclass(slots=True)
class HostUpdate:
    """One host's part of a run."""

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    journal: Journal
    params: Params
    clock: Clock
    own_ids: Collection[str] = ()
    pull_timeout_s: float = 1800.0
    guard: Guard = unguarded

    def run(self) -> None:
        """Do it all. Raises EngineError if the host itself fails, Interrupted if told to stop."""
        containers = self.engine.containers()
        images = self.engine.images()
        self.recorder.inventory(containers, images)
        survey = Survey(self.engine, self.registries, self.params, self.own_ids, self.guard)
        chosen = survey.choose(containers)
        if not chosen:
            self.recorder.note("No container on this host takes part in this run.")
        survey.check(chosen, Images.of(images))
        self.recorder.checked(survey.verdicts)
        verdicts = {one.id: survey.verdicts[one.id] for one in chosen}
        plan = make_plan(containers, verdicts, self.params, self.own_ids)
        if self.params.kind is Kind.SCAN:
            plan = Plan(left=plan.left, skipped=plan.skipped)
        self.recorder.planned(plan)
        self.recorder.results(tuple(untouched(chosen, survey.verdicts, plan)))
        if plan.actions:
            self._execution(survey).run(plan)
            self.recorder.inventory(self.engine.containers(), self.engine.images())

    def _execution(self, survey: Survey) -> Execution:
        stale = [verdict for verdict in survey.verdicts.values() if verdict.is_stale]
        to_pull = {one.reference for one in stale if not one.is_here and not self.params.no_pull}
        named = {one.reference: one.remote_digest for one in stale if one.reference}
        pulls = Pulls(
            self.engine,
            self.registries,
            self.recorder,
            self.guard,
            self.pull_timeout_s,
            named.keys() - to_pull,
            named,
        )
        return Execution(
            self.engine,
            self.registries,
            self.recorder,
            self.journal,
            self.params,
            self.clock,
            self.guard,
            pulls,
            survey.verdicts,
        )
