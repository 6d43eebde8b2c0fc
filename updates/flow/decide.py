"""What comes of each planned action, now that the images are here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from updates.flow import cooldown
from updates.flow.check import Verdict
from updates.flow.holds import Holds, why_held
from updates.flow.plan import RESTARTS_WITH, Action, ActionKind
from updates.flow.ports import Clock, RegistryPort
from updates.flow.pull import NewImage, Pulls
from updates.flow.report import Facts
from updates.flow.session import Result, State
from updates.registry.reference import Reference

PARENT_STAYED = "The owner of what it shares stayed."
LEADER_STAYED = "What compose restarts it with stayed."
SAME_IMAGE = "The pull brought the same image."
MIRROR_LAGS = (
    "The engine pulled an earlier image than the registry names: its mirror or proxy lags behind. "
    "It is tried again in the next run."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """An action with its new image, or the result that it has if nothing restarts it.

    `image` is the reference to recreate it from, "" when it is not updated. `result` is what is
    known so far.
    """

    action: Action
    result: Result
    image: str = ""
    image_id: str = ""

    @property
    def is_update(self) -> bool:
        return bool(self.image)

    def restarted(self, *, is_cut_off: bool) -> Result:
        """The result of a recreation on the image it has: what it shares is another's now, or
        compose restarts it with one that was recreated.

        A failed pull stays its failure, and why there was none is told.
        """
        cause = self.action.shares if is_cut_off else RESTARTS_WITH
        if self.result.state is State.FAILED:
            return replace(self.result, reason=f"{self.result.reason} {cause}")
        why = "" if self.result.state is State.FRESH else f"{self.result.reason} "
        return replace(
            self.result,
            state=State.RESTARTED,
            reason=f"{why}{cause}",
            new_image_id=self.result.old_image_id,
            new_version=self.result.old_version,
        )


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decides for one host's plan."""

    registries: RegistryPort
    pulls: Pulls
    verdicts: Mapping[str, Verdict]
    facts: Facts
    clock: Clock
    holds: Holds = field(default_factory=dict)

    def decide(self, action: Action) -> Decision:
        """What to do, without doing it."""
        verdict = self.verdicts.get(action.container.id)
        result = self.facts.result(action.container, verdict, State.FAILED, action.reason)
        if action.kind is ActionKind.RESTART:
            reason = PARENT_STAYED if action.parents else LEADER_STAYED
            return Decision(action, replace(result, state=State.FRESH, reason=reason))
        reference = self.reference(action.container.id)
        result = replace(result, seconds=self.pulls.took.get(reference, 0.0))
        if error := self.pulls.errors.get(reference):
            return Decision(action, replace(result, reason=error))
        if why := self.pulls.unavailable.get(reference):
            return Decision(action, replace(result, state=State.SKIPPED, reason=why))
        return self._with_image(action, reference, self.pulls.images[reference], result)

    def reference(self, container_id: str) -> Reference:
        reference = self.verdicts[container_id].reference
        assert reference is not None  # noqa: S101 - a stale verdict names one
        return reference

    def _with_image(
        self, action: Action, reference: Reference, image: NewImage, result: Result
    ) -> Decision:
        if image.id == action.container.image_id:
            return Decision(action, self._unchanged(reference, result))
        digest = self.pulls.digests.get(reference) or result.new_digest
        known = self.holds.get(action.container.name, ())
        if why := why_held(known, digest, image.id):  # A mirror may bring what failed before.
            return Decision(action, replace(result, state=State.STALE, reason=why))
        now = self.clock.now()
        settings = self.facts.rules.of(action.container)
        until = cooldown.until_made(image.created_at, settings, now)
        if until and not cooldown.is_over(until, now):
            reason = cooldown.sentence(until)
            return Decision(action, replace(result, state=State.STALE, reason=reason))
        result = replace(
            result, new_digest=digest, new_image_id=image.id, new_version=image.version
        )
        return Decision(action, result, reference.familiar, image.id)

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
