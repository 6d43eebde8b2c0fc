"""What became of each container, as the record of the run keeps it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from updates.engine.container import ContainerSummary, ImageSummary
from updates.flow.check import Verdict
from updates.flow.plan import Plan
from updates.flow.pull import VERSION
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus, Result, State

_SKIPPED = {CheckStatus.UNKNOWN, CheckStatus.LOCAL, CheckStatus.PINNED}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of every container before anything is done: its settings and its image."""

    rules: Rules
    images: Mapping[str, ImageSummary]

    def result(
        self, container: ContainerSummary, verdict: Verdict | None, state: State, reason: str
    ) -> Result:
        """A result with all of that; `verdict` None: it was not checked."""
        verdict = verdict or Verdict(CheckStatus.UNKNOWN)
        image = self.images.get(container.image_id)
        return Result(
            container.id,
            container.name,
            verdict.reference.familiar if verdict.reference else container.image,
            state,
            reason,
            old_image_id=container.image_id,
            old_digest=verdict.local_digest,
            new_digest=verdict.remote_digest,
            old_version=image.labels.get(VERSION, "") if image else "",
            settings=self.rules.effective(container).explained(with_defaults=False),
        )


def untouched(
    chosen: Sequence[ContainerSummary],
    verdicts: Mapping[str, Verdict],
    plan: Plan,
    facts: Facts,
) -> Iterator[Result]:
    """The results of those that took part and are left as they are."""
    acted = {action.container.id for action in plan.actions}
    for container in (one for one in chosen if one.id not in acted):
        verdict = verdicts[container.id]
        if container.id in plan.skipped:
            yield facts.result(container, verdict, State.SKIPPED, plan.skipped[container.id])
        elif verdict.is_stale:
            reason = plan.left.get(container.id, verdict.reason)
            yield facts.result(container, verdict, State.STALE, reason)
        else:
            state = State.SKIPPED if verdict.status in _SKIPPED else State.FRESH
            yield facts.result(container, verdict, state, verdict.reason)
