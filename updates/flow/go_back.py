"""One container back on an image that it had, by the same replacement as any update.

It goes on to follow its tag, and is held until it is released: the next run would undo it
otherwise. What shares its network, processes or volumes follows it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from updates.engine.container import ContainerSummary, ImageSummary
from updates.flow.check import Images, Verdict, digests_for, reference_of
from updates.flow.decide import Decision, Decisions
from updates.flow.execute import Execution
from updates.flow.learn import all_ties
from updates.flow.past import Past
from updates.flow.plan import Action, Plan, make_plan
from updates.flow.ports import (
    Clock,
    EnginePort,
    Guard,
    Journal,
    Prober,
    Recorder,
    RegistryPort,
    no_prober,
    unguarded,
)
from updates.flow.pull import NewImage
from updates.flow.report import Facts
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus, Result, State
from updates.flow.update import Recognise, nobody, without_helpers
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference

OWN = "Watchweb itself runs in it, and cannot stop itself half-way: go back by hand."
PAUSED = "It is paused. Unpause it first."


@dataclass(frozen=True, slots=True)
class PastDecisions(Decisions):
    """It is made from the image's id, and no cooldown and no hold counts."""

    followed: str = ""

    def _with_image(
        self, action: Action, _: Reference, image: NewImage, result: Result
    ) -> Decision:
        result = replace(
            result, image=self.followed, new_image_id=image.id, new_version=image.version
        )
        return Decision(action, result, image.id, image.id)


@dataclass(slots=True)
class GoBack:
    """The run of one container on its host. `own`: the ids of those Watchweb itself runs in."""

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    journal: Journal
    rules: Rules
    clock: Clock
    name: str
    past: Past
    own: Recognise = nobody
    guard: Guard = unguarded
    pull_timeout_s: float = 1800.0
    prober: Prober = no_prober

    def run(self) -> str:
        """Do it; the sentence that says why nothing was begun, "" when it was.

        Raises EngineError if the host itself fails, Interrupted if told to stop.
        """
        listed = self.engine.containers()
        containers, images = without_helpers(listed), self.engine.images()
        self.recorder.inventory(containers, images)
        container = next((one for one in containers if one.name == self.name), None)
        if container is None:
            return f"There is no container {self.name} on this host any more."
        own_ids = self.own(listed)
        if why := self._why_not(container, own_ids):
            return f"{self.name} does not go back: {why}"
        facts = Facts(self.rules, {image.id: image for image in images})
        followed = self._followed(container, images)
        verdict = self._verdict(container, facts, followed)
        plan = self._plan(container, containers, verdict, own_ids)
        if why := plan.left.get(container.id, "") or plan.skipped.get(container.id, ""):
            return f"{self.name} does not go back: {why}"
        self.recorder.planned(plan)
        self._carry_out(self._execution(container, verdict, facts, followed), plan)
        self.recorder.inventory(without_helpers(self.engine.containers()), self.engine.images())
        return ""

    def _why_not(self, container: ContainerSummary, own_ids: Collection[str]) -> str:
        if container.id in own_ids:
            return OWN
        if container.state == "paused":
            return PAUSED
        if container.image_id == self.past.image_id:
            return f"It is on {self.past} already."
        return self.past.why_lost(self.engine)

    def _followed(self, container: ContainerSummary, images: Sequence[ImageSummary]) -> Reference:
        """What it follows, now and afterwards."""
        configured = self.engine.inspect_container(container.id)["Config"].get("Image") or ""
        try:
            found = reference_of(container, Images.of(images), str(configured))
        except InvalidReference:
            found = None
        return found or Reference.parse(self.past.reference)

    def _verdict(self, container: ContainerSummary, facts: Facts, followed: Reference) -> Verdict:
        known = digests_for(facts.images.get(container.image_id), followed)
        return Verdict(
            CheckStatus.UPDATE_AVAILABLE,
            self.past.pinned(),
            f"Back to {self.past}.",
            local_digest=known[0] if known else "",
            remote_digest=self.past.digest,
        )

    def _plan(
        self,
        container: ContainerSummary,
        containers: Sequence[ContainerSummary],
        verdict: Verdict,
        own_ids: Collection[str],
    ) -> Plan:
        """This container, and what has to be recreated with it."""
        known = self.recorder.known_ties()
        ties = all_ties(self.engine, self.recorder, containers, known, self.guard)
        return make_plan(
            containers,
            {container.id: verdict},
            self.rules,
            own_ids,
            ties,
            asked={container.id},
        )

    def _execution(
        self, container: ContainerSummary, verdict: Verdict, facts: Facts, followed: Reference
    ) -> Execution:
        pulls = self.past.pulls(
            self.engine, self.registries, self.recorder, self.guard, self.pull_timeout_s
        )
        pulls.keep({container.image_id})  # To go forward to it again.
        decisions = PastDecisions(
            self.registries,
            pulls,
            {container.id: verdict},
            facts,
            self.clock,
            followed=followed.familiar,
        )
        return Execution.on(self, decisions)

    def _carry_out(self, execution: Execution, plan: Plan) -> None:
        """It is held before anything is done: a worker that dies must not leave it to the next run.

        As it was, if it does not get there.
        """
        mine = self.recorder.holds().get(self.name, ())
        before = next((one.why for one in mine if one.is_for_all), "")
        when = f"{self.clock.now():%Y-%m-%d %H:%M} UTC"
        self.recorder.hold(self.name, f"It went back to {self.past} on {when}.")
        is_back = False
        try:
            is_back = any(
                one.name == self.name and one.state is State.UPDATED for one in execution.run(plan)
            )
        finally:
            if is_back:  # It works after all.
                self.recorder.release(self.name, self.past.digest or self.past.image_id)
            elif before:
                self.recorder.hold(self.name, before)
            else:
                self.recorder.release(self.name)
