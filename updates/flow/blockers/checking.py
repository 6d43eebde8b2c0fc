"""Whether a container's registry is asked for it, and answers."""

from collections.abc import Iterator
from datetime import datetime

from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import RegistryFacts, Situation
from updates.flow.platform import says_not_available
from updates.flow.session import CheckStatus
from updates.language import gettext as _
from updates.language import gettext_noop

# By the class of the error that ended the check.
_KINDS = {
    "AuthError": BlockerKind.CREDENTIALS,
    "CredentialsRefused": BlockerKind.CREDENTIALS,
    "TLSFailure": BlockerKind.TRUST,
    "TrustError": BlockerKind.TRUST,
    "NotFound": BlockerKind.MISSING,
}
_LIFTED = {
    BlockerKind.CREDENTIALS: gettext_noop(
        "Save a user name and a password that may read it, on the page of {registry}."
    ),
    BlockerKind.TRUST: gettext_noop(
        "Correct the certificates or the trust on the page of {registry}."
    ),
    BlockerKind.MISSING: gettext_noop(
        "Correct the tag, or save credentials for {registry} if it hides the image."
    ),
    BlockerKind.CHECK_FAILED: gettext_noop(
        "The next check that {registry} answers; its page can test the connection."
    ),
}


def why_not_checked(at: Situation) -> Iterator[Blocker]:
    if at.status is CheckStatus.PINNED:
        yield Blocker(
            BlockerKind.PINNED,
            Stops.CHECK,
            _("Its image is pinned to a digest, which never names anything else."),
            _("Make the container from a tag, without the part behind the @."),
        )
    elif at.status is CheckStatus.LOCAL:
        lifted = _("Build the image again, or make the container from an image of a registry.")
        yield Blocker(BlockerKind.LOCAL, Stops.CHECK, at.reason, lifted)
    else:
        yield from _asked(at)


def _asked(at: Situation) -> Iterator[Blocker]:
    registry = at.registry
    if at.settings.no_pull:
        said = _("No registry is asked for it (no pull), %(by_settings)s.")
        said %= {"by_settings": at.by("no_pull")}
        loaded = _("An image that is loaded by hand is still taken.")
        lifted = f"{at.undo('no_pull')} {loaded}"
        yield Blocker(BlockerKind.NO_PULL, Stops.CHECK, said, lifted)
    elif not at.is_checked:
        said = _("It has not been checked yet.")
        lifted = _("Check it now, or wait for the next schedule that is for it.")
        yield Blocker(BlockerKind.NOT_CHECKED, Stops.CHECK, said, lifted, _next_tick(at))
    elif registry and registry.paused_until and registry.paused_until > at.now:
        yield _limited(registry)
    elif at.status is CheckStatus.UNKNOWN:
        yield _failed(at, registry)


def _limited(registry: RegistryFacts) -> Blocker:
    name = {"registry": registry.domain}
    said = registry.pause_reason or _("%(registry)s asked to be left alone for a while.") % name
    lifted = _("It is over by itself. With credentials %(registry)s may allow more.") % name
    return Blocker(BlockerKind.RATE_LIMIT, Stops.CHECK, said, lifted, registry.paused_until)


def _failed(at: Situation, registry: RegistryFacts | None) -> Blocker:
    if says_not_available(at.reason):
        lifted = _("The registry, once it has an image for this platform; or another image.")
        return Blocker(BlockerKind.PLATFORM, Stops.UPDATE, at.reason, lifted)
    kind = _KINDS.get(registry.error_kind if registry else "", BlockerKind.CHECK_FAILED)
    name = registry.domain if registry else _("its registry")
    said = at.reason or _("The last check got no answer.")
    return Blocker(kind, Stops.CHECK, said, _(_LIFTED[kind]).format(registry=name))


def _next_tick(at: Situation) -> datetime | None:
    ticks = [] if at.are_paused else [one.next_at for one in at.schedules if one.next_at]
    return min(ticks, default=None)
