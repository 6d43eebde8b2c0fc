"""Whether a container's registry is asked for it, and answers."""

from collections.abc import Iterator
from datetime import datetime

from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import RegistryFacts, Situation
from updates.flow.platform import says_not_available
from updates.flow.session import CheckStatus

# By the class of the error that ended the check.
_KINDS = {
    "AuthError": BlockerKind.CREDENTIALS,
    "CredentialsRefused": BlockerKind.CREDENTIALS,
    "TLSFailure": BlockerKind.TRUST,
    "TrustError": BlockerKind.TRUST,
    "NotFound": BlockerKind.MISSING,
}
_LIFTED = {
    BlockerKind.CREDENTIALS: "Save a user name and a password that may read it, on the page of {}.",
    BlockerKind.TRUST: "Correct the certificates or the trust on the page of {}.",
    BlockerKind.MISSING: "Correct the tag, or save credentials for {} if it hides the image.",
    BlockerKind.CHECK_FAILED: "The next check that {} answers; its page can test the connection.",
}


def why_not_checked(at: Situation) -> Iterator[Blocker]:
    if at.status is CheckStatus.PINNED:
        yield Blocker(
            BlockerKind.PINNED,
            Stops.CHECK,
            "Its image is pinned to a digest, which never names anything else.",
            "Make the container from a tag, without the part behind the @.",
        )
    elif at.status is CheckStatus.LOCAL:
        lifted = "Build the image again, or make the container from an image of a registry."
        yield Blocker(BlockerKind.LOCAL, Stops.CHECK, at.reason, lifted)
    else:
        yield from _asked(at)


def _asked(at: Situation) -> Iterator[Blocker]:
    registry = at.registry
    if at.settings.no_pull:
        said = f"No registry is asked for it (no pull), by {at.origin('no_pull')}."
        lifted = f"{at.undo('no_pull')} An image that is loaded by hand is still taken."
        yield Blocker(BlockerKind.NO_PULL, Stops.CHECK, said, lifted)
    elif not at.is_checked:
        said = "It has not been checked yet."
        lifted = "Check it now, or wait for the next schedule that is for it."
        yield Blocker(BlockerKind.NOT_CHECKED, Stops.CHECK, said, lifted, _next_tick(at))
    elif registry and registry.paused_until and registry.paused_until > at.now:
        yield Blocker(
            BlockerKind.RATE_LIMIT,
            Stops.CHECK,
            registry.pause_reason or f"{registry.domain} asked to be left alone for a while.",
            f"It is over by itself. With credentials {registry.domain} may allow more.",
            registry.paused_until,
        )
    elif at.status is CheckStatus.UNKNOWN:
        yield _failed(at, registry)


def _failed(at: Situation, registry: RegistryFacts | None) -> Blocker:
    if says_not_available(at.reason):
        lifted = "The registry, once it has an image for this platform; or another image."
        return Blocker(BlockerKind.PLATFORM, Stops.UPDATE, at.reason, lifted)
    kind = _KINDS.get(registry.error_kind if registry else "", BlockerKind.CHECK_FAILED)
    name = registry.domain if registry else "its registry"
    said = at.reason or "The last check got no answer."
    return Blocker(kind, Stops.CHECK, said, _LIFTED[kind].format(name))


def _next_tick(at: Situation) -> datetime | None:
    ticks = [] if at.are_paused else [one.next_at for one in at.schedules if one.next_at]
    return min(ticks, default=None)
