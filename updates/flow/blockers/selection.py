"""Whether a container takes part at all."""

from collections.abc import Iterator

from updates.flow import filters, scope
from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import Situation
from updates.flow.half_way import is_half_way
from updates.flow.setting import Level
from updates.language import gettext as _


def why_left_out(at: Situation) -> Iterator[Blocker]:
    """First its host, then the choices of people."""
    yield from _by_host(at)
    if at.container.id in at.own_ids:
        yield Blocker(
            BlockerKind.OWN,
            Stops.UPDATE,
            _("Watchweb itself runs in it, and cannot replace itself in a run."),
            _("Update it from the page of its host: a helper container does it."),
        )
    elif why := filters.why_excluded(at.container, at.rules, ()):
        yield (
            _half_way(why)
            if is_half_way(at.container.name, at.container.id)
            else _disabled(at, why)
        )
    elif why := scope.why_outside(at.container.labels, at.rules.host.scope):
        lifted = _("Change the scope %(in_settings)s, or its label …scope.")
        lifted %= {"in_settings": at.within("scope")}
        yield Blocker(BlockerKind.SCOPE, Stops.CHECK, why, lifted)
    elif why := filters.why_left_out(at.container, at.rules):
        lifted = _(
            "Change which containers take part: in the settings of its host, or of everything."
        )
        yield Blocker(BlockerKind.EXCLUDED, Stops.CHECK, why, lifted)


def _by_host(at: Situation) -> Iterator[Blocker]:
    name = at.host.name
    if not at.host.is_enabled:
        said = _("%(host)s is not enabled: runs leave it out.") % {"host": name}
        lifted = _("Enable %(host)s.") % {"host": name}
        yield Blocker(BlockerKind.HOST_OFF, Stops.CHECK, said, lifted)
    elif at.host.error:
        said = _("%(host)s did not answer when it was last asked: %(error)s")
        said %= {"host": name, "error": at.host.error}
        lifted = _("The next run that reaches it. Until then all of this is as it was last seen.")
        yield Blocker(BlockerKind.HOST_AWAY, Stops.CHECK, said, lifted)
    if at.host.busy_with:
        said = _("%(host)s is busy with %(run)s, and one run at a time works on a host.")
        said %= {"host": name, "run": at.host.busy_with}
        yield Blocker(BlockerKind.BUSY, Stops.UPDATE, said, _("The end of that run."))


def _half_way(why: str) -> Blocker:
    lifted = _("The run that is at it, or the recovery after it.")
    return Blocker(BlockerKind.BUSY, Stops.CHECK, why, lifted)


def _disabled(at: Situation, why: str) -> Blocker:
    level = at.effective.origins["enable"]
    if level is Level.LABEL:
        lifted = _("Recreate the container without the label, or with true.")
    elif level is Level.DEFAULT:
        lifted = _(
            "Set “enable” to yes in its settings, or give it the label watchweb.enable=true. Only "
            "labelled ones take part %(by_settings)s."
        )
        lifted %= {"by_settings": at.by("label_enable")}
    else:
        lifted = _("Set “enable” to yes %(in_settings)s.")
        lifted %= {"in_settings": at.within("enable")}
    return Blocker(BlockerKind.EXCLUDED, Stops.CHECK, why, lifted)
