"""What became of each container, as the record of the run keeps it."""

from collections.abc import Iterator, Mapping, Sequence

from updates.engine.container import ContainerSummary
from updates.flow.check import Verdict
from updates.flow.plan import Plan
from updates.flow.session import CheckStatus, Result, State

_SKIPPED = {CheckStatus.UNKNOWN, CheckStatus.LOCAL, CheckStatus.PINNED}


def untouched(
    chosen: Sequence[ContainerSummary], verdicts: Mapping[str, Verdict], plan: Plan
) -> Iterator[Result]:
    """The results of those that took part and are left as they are."""
    acted = {action.container.id for action in plan.actions}
    for container in (one for one in chosen if one.id not in acted):
        verdict = verdicts[container.id]
        if container.id in plan.skipped:
            yield result_of(container, verdict, State.SKIPPED, plan.skipped[container.id])
        elif verdict.is_stale:
            reason = plan.left.get(container.id, verdict.reason)
            yield result_of(container, verdict, State.STALE, reason)
        else:
            state = State.SKIPPED if verdict.status in _SKIPPED else State.FRESH
            yield result_of(container, verdict, state, verdict.reason)


def result_of(
    container: ContainerSummary, verdict: Verdict | None, state: State, reason: str
) -> Result:
    """A result with what is known before anything is done; `verdict` None: it was not checked."""
    verdict = verdict or Verdict(CheckStatus.UNKNOWN)
    return Result(
        container.id,
        container.name,
        verdict.reference.familiar if verdict.reference else container.image,
        state,
        reason,
        old_image_id=container.image_id,
        old_digest=verdict.local_digest,
        new_digest=verdict.remote_digest,
    )
