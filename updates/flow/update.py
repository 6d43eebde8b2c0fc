"""The course of a run on one host: list, filter, check, plan, pull, replace, clean up.

Per host one container list and one image list; per distinct reference one question to its registry;
an inspect only for what is replaced, or for a container whose list entry names no image.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.flow import check, filters
from updates.flow.check import Answer, Images, Verdict
from updates.flow.plan import Action, ActionKind, Plan, make_plan
from updates.flow.ports import Clock, EnginePort, Journal, Recorder, RegistryPort
from updates.flow.pull import Pulls
from updates.flow.replace import Order, Replacement
from updates.flow.session import CheckStatus, Kind, Params, Result, State
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_image_id

SKIPPED = {CheckStatus.UNKNOWN, CheckStatus.LOCAL, CheckStatus.PINNED}


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
    configured: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    new_ids: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Do it all. Raises EngineError if the host itself fails, Interrupted if told to stop."""
        containers = self.engine.containers()
        images = self.engine.images()
        self.recorder.inventory(containers, images)
        chosen = self._choose(containers)
        self._check(containers, Images.of(images), {one.id for one in chosen})
        plan = make_plan(containers, {c.id: self.verdicts[c.id] for c in chosen}, self.params)
        if self.params.kind is Kind.SCAN:
            plan = Plan(left={a.container.id: a.reason for a in plan.actions} | dict(plan.left))
        self.recorder.planned(plan)
        self._report_untouched(chosen, plan)
        if plan.actions:
            self._execute(plan)
            self.recorder.inventory(self.engine.containers(), self.engine.images())

    # Filter and check.

    def _choose(self, containers: Sequence[ContainerSummary]) -> list[ContainerSummary]:
        """Those that take part. The excluded ones get their verdict here."""
        chosen = []
        for container in containers:
            why = filters.why_excluded(container, self.params, self.own_ids)
            if why:
                self.verdicts[container.id] = Verdict(CheckStatus.EXCLUDED, reason=why)
            elif filters.is_named(container, self.params.names):
                chosen.append(container)
        if not chosen:
            self.recorder.note("No container on this host takes part in this run.")
        return chosen

    def _check(
        self, containers: Sequence[ContainerSummary], images: Images, chosen: Collection[str]
    ) -> None:
        """A verdict for each chosen container; each distinct reference is asked once."""
        asked: dict[str, Reference] = {}
        for container in (one for one in containers if one.id in chosen):
            verdict = self._without_asking(container, images)
            if isinstance(verdict, Reference):
                asked[container.id] = verdict
            else:
                self.verdicts[container.id] = verdict
        answers = self._ask(set(asked.values()))
        settled = self.registries.settled()
        for container in (one for one in containers if one.id in asked):
            reference = asked[container.id]
            self.verdicts[container.id] = check.judge(
                container, reference, images, answers[reference], settled
            )
        self.recorder.checked(self.verdicts)

    def _ask(self, references: Collection[Reference]) -> Mapping[Reference, Answer]:
        if self.params.no_pull:
            return dict.fromkeys(references, Answer(error="Registries are not asked (no pull)."))
        return self.registries.resolve(references)

    def _without_asking(self, container: ContainerSummary, images: Images) -> Verdict | Reference:
        try:
            reference = check.reference_of(container, self._configured_image(container))
        except (InvalidReference, EngineError) as error:
            return Verdict(CheckStatus.UNKNOWN, reason=str(error))
        image = images.by_id.get(container.image_id)
        verdict = check.before_asking(reference, image)
        if verdict is not None or reference is None:
            return verdict or Verdict(CheckStatus.LOCAL)
        return reference

    def _configured_image(self, container: ContainerSummary) -> str:
        """What the container was made from, asked only when its list entry shows an id."""
        if not is_image_id(container.image):
            return ""
        if container.id not in self.configured:
            document = self.engine.inspect_container(container.id)
            self.configured[container.id] = str(document["Config"].get("Image", ""))
        return self.configured[container.id]

    # Report.

    def _report_untouched(self, chosen: Sequence[ContainerSummary], plan: Plan) -> None:
        acted = {action.container.id for action in plan.actions}
        for container in (one for one in chosen if one.id not in acted):
            verdict = self.verdicts[container.id]
            if container.id in plan.skipped:
                state, reason = State.SKIPPED, plan.skipped[container.id]
            elif verdict.is_stale:
                state, reason = State.STALE, plan.left.get(container.id, verdict.reason)
            elif verdict.status in SKIPPED:
                state, reason = State.SKIPPED, verdict.reason
            else:
                state, reason = State.FRESH, verdict.reason
            self.recorder.result(self._result(container, state, reason))

    def _result(self, container: ContainerSummary, state: State, reason: str) -> Result:
        verdict = self.verdicts.get(container.id, Verdict(CheckStatus.UNKNOWN))
        image = verdict.reference.familiar if verdict.reference else container.image
        return Result(
            container.id,
            container.name,
            image,
            state,
            reason,
            old_image_id=container.image_id,
            old_digest=verdict.local_digest,
            new_digest=verdict.remote_digest,
        )

    # Pull, replace, clean up.

    def _execute(self, plan: Plan) -> None:
        pulls = Pulls(
            self.engine, self.registries, self.recorder, self.pull_timeout_s, self.params.no_pull
        )
        references = {
            a.container.id: verdict.reference
            for a in plan.actions
            if a.kind is ActionKind.UPDATE
            and (verdict := self.verdicts[a.container.id]).reference is not None
        }
        pulls.run([a.container for a in plan.actions if a.container.id in references], references)
        results = [
            self._act(action, references.get(action.container.id), pulls) for action in plan.actions
        ]
        if self.params.cleanup:
            self._clean_up({r.old_image_id for r in results if r.state is State.UPDATED})

    def _act(self, action: Action, reference: Reference | None, pulls: Pulls) -> Result:
        """Carry out one action and record its result."""
        self.recorder.may_go_on()
        started = self.clock.monotonic()
        result = self._replaced(action, reference, pulls)
        result = replace(result, seconds=round(self.clock.monotonic() - started, 3))
        self.recorder.result(result)
        return result

    def _replaced(self, action: Action, reference: Reference | None, pulls: Pulls) -> Result:
        container = action.container
        result = self._result(container, State.SKIPPED, action.reason)
        if reference is None:
            if not self._parent_was_replaced(container):
                return replace(result, state=State.FRESH, reason="Its network's owner stayed.")
            image, image_id = self._own_image(container), container.image_id
        else:
            if error := pulls.errors.get(reference):
                return replace(result, state=State.FAILED, reason=error)
            image, image_id = reference.familiar, pulls.image_ids[reference]
            result = replace(result, new_digest=pulls.digests.get(reference, result.new_digest))
            if image_id == container.image_id:
                self.registries.settle(result.new_digest, image_id)
                return replace(result, state=State.FRESH, reason="The pull brought the same image.")
        outcome = Replacement(
            Order(
                container,
                image,
                image_id,
                self.params.stop_timeout,
                self.params.gate_seconds,
                self.new_ids,
            ),
            self.engine,
            self.journal,
            lambda step, message: self.recorder.step(container.id, step, message),
            self.clock,
        ).run()
        state = outcome.state
        if state is State.UPDATED:
            self.new_ids[container.id] = outcome.new_id
            state = State.UPDATED if action.kind is ActionKind.UPDATE else State.RESTARTED
        return replace(
            result,
            state=state,
            reason=outcome.reason or action.reason,
            new_id=outcome.new_id,
            new_image_id=image_id,
        )

    def _own_image(self, container: ContainerSummary) -> str:
        return self.configured.get(container.id) or container.image

    def _parent_was_replaced(self, container: ContainerSummary) -> bool:
        parent = container.network_mode.removeprefix("container:")
        return parent in self.new_ids

    def _clean_up(self, image_ids: Collection[str]) -> None:
        """Remove the old images that no container of the host needs any more."""
        needed = {container.image_id for container in self.engine.containers()}
        for image_id in sorted(set(image_ids) - needed):
            try:
                self.engine.remove_image(image_id)
            except NoSuchObject:
                continue
            except EngineError as error:
                self.recorder.note(f"The old image {image_id[7:19]} could not be removed: {error}")
            else:
                self.recorder.note(f"Removed the old image {image_id[7:19]}.")
