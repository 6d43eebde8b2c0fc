"""Whether a container takes part at all."""

from collections.abc import Iterator

from updates.flow import filters, scope
from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import Situation
from updates.flow.setting import Level


def why_left_out(at: Situation) -> Iterator[Blocker]:
    """First its host, then the choices of people."""
    yield from _by_host(at)
    if at.container.id in at.own_ids:
        yield Blocker(
            BlockerKind.OWN,
            Stops.UPDATE,
            "Watchweb itself runs in it, and cannot replace itself in a run.",
            "Update it from the page of its host: a helper container does it.",
        )
    elif why := filters.why_excluded(at.container, at.rules, ()):
        yield _half_way(why) if why == filters.HALF_WAY else _disabled(at, why)
    elif why := scope.why_outside(at.container.labels, at.rules.host.scope):
        lifted = f"Change the scope in {at.origin('scope')}, or its label …scope."
        yield Blocker(BlockerKind.SCOPE, Stops.CHECK, why, lifted)
    elif why := filters.why_left_out(at.container, at.rules):
        lifted = "Change which containers take part: in the settings of its host, or of everything."
        yield Blocker(BlockerKind.EXCLUDED, Stops.CHECK, why, lifted)


def _by_host(at: Situation) -> Iterator[Blocker]:
    name = at.host.name
    if not at.host.is_enabled:
        said = f"{name} is not enabled: runs leave it out."
        yield Blocker(BlockerKind.HOST_OFF, Stops.CHECK, said, f"Enable {name}.")
    elif at.host.error:
        said = f"{name} did not answer when it was last asked: {at.host.error}"
        lifted = "The next run that reaches it. Until then all of this is as it was last seen."
        yield Blocker(BlockerKind.HOST_AWAY, Stops.CHECK, said, lifted)
    if at.host.busy_with:
        said = f"{name} is busy with {at.host.busy_with}, and one run at a time works on a host."
        yield Blocker(BlockerKind.BUSY, Stops.UPDATE, said, "The end of that run.")


def _half_way(why: str) -> Blocker:
    return Blocker(
        BlockerKind.BUSY, Stops.CHECK, why, "The run that is at it, or the recovery after it."
    )


def _disabled(at: Situation, why: str) -> Blocker:
    level = at.effective.origins["enable"]
    if level is Level.LABEL:
        lifted = "Recreate the container without the label, or with true."
    elif level is Level.DEFAULT:
        lifted = (
            f"Set “enable” to yes in its settings, or give it the label watchweb.enable=true. Only "
            f"labelled ones take part by {at.origin('label_enable')}."
        )
    else:
        lifted = f"Set “enable” to yes in {at.origin('enable')}."
    return Blocker(BlockerKind.EXCLUDED, Stops.CHECK, why, lifted)
