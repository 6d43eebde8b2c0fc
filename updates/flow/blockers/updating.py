"""Whether what the registry has may be installed, and when."""

from collections.abc import Iterator
from dataclasses import replace

from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import Situation
from updates.flow.check import OTHER_IMAGE, TAG_MOVED
from updates.flow.plan import why_left
from updates.flow.setting import Level
from updates.language import gettext as _

_PLAIN = frozenset({"", OTHER_IMAGE, TAG_MOVED})


def why_not_updated(at: Situation) -> Iterator[Blocker]:
    """What people set and the container's state count also before there is an update."""
    found = [*_by_settings(at), *_by_state(at), *_by_holds(at), *_by_age(at)]
    if at.has_update and not found and at.reason not in _PLAIN:
        lifted = _("It is looked at anew in each update run.")
        said = _("The last run that looked at it left it: %(reason)s") % {"reason": at.reason}
        found.append(Blocker(BlockerKind.OTHER, Stops.UPDATE, said, lifted))
    yield from found
    if at.has_update:
        yield from _by_timetable(at)


def _by_settings(at: Situation) -> Iterator[Blocker]:
    if at.settings.monitor_only:
        said = _("It is only monitored, %(by_settings)s.") % {"by_settings": at.by("monitor_only")}
        until_then = _("Until then a run reports what is new.")
        lifted = f"{at.undo('monitor_only')} {until_then}"
        yield Blocker(BlockerKind.MONITOR_ONLY, Stops.UPDATE, said, lifted)


def _by_state(at: Situation) -> Iterator[Blocker]:
    if not why_left(at.container, replace(at.settings, monitor_only=False)):
        return
    said, lifted = {
        "paused": (_("The container is paused."), _("Unpause it.")),
        "restarting": (
            _("The container keeps restarting, and is left as it is."),
            _("Repair it, or set “include restarting” to yes."),
        ),
    }.get(
        at.container.state,
        (
            _("The container is not running, and is left as it is."),
            _("Start it, or set “include stopped” to yes."),
        ),
    )
    yield Blocker(BlockerKind.STATE, Stops.UPDATE, said, lifted)


def _by_holds(at: Situation) -> Iterator[Blocker]:
    for hold in at.holds:
        if hold.is_for_all:
            said, lifted = _("It is held. %(why)s") % {"why": hold.why}, _("Release it.")
            yield Blocker(BlockerKind.HELD, Stops.UPDATE, said, lifted)
        elif at.has_update and hold.keeps_out(at.remote_digest, ""):
            said = _("The image that the registry has is blocked here. %(why)s")
            said %= {"why": hold.why}
            lifted = _("The next image in the registry is tried by itself. Or approve this one.")
            yield Blocker(BlockerKind.BLOCKED, Stops.UPDATE, said, lifted, is_approvable=True)


def _by_age(at: Situation) -> Iterator[Blocker]:
    if at.has_update and at.held_until and at.held_until > at.now:
        by = {"by_settings": at.by("cooldown_delay")}
        said = _("The new image is too young (cooldown), %(by_settings)s.") % by
        is_labelled = at.effective.origins["cooldown_delay"] is Level.LABEL
        lifted = (
            _("It is over by itself.")
            if is_labelled
            else _("It is over by itself. Or approve the image before.")
        )
        yield Blocker(
            BlockerKind.COOLDOWN,
            Stops.UPDATE,
            said,
            lifted,
            at.held_until,
            is_approvable=not is_labelled,  # A label wins over what a run says.
        )


def _by_timetable(at: Situation) -> Iterator[Blocker]:
    """Only what keeps a run from coming by itself; a person may start one at any time."""
    updates = [one for one in at.schedules if one.is_update]
    if not updates:
        said = _("No schedule updates it: it waits for somebody to start an update.")
        lifted = _("Update it now, or plan an update that is for it.")
        yield Blocker(BlockerKind.NO_SCHEDULE, Stops.UPDATE, said, lifted)
    elif at.are_paused:
        said, lifted = _("All schedules are paused."), _("Resume them, or update it now.")
        yield Blocker(BlockerKind.PAUSED, Stops.UPDATE, said, lifted)
    elif all(one.opens_at for one in updates):
        first = min((one for one in updates if one.opens_at), key=lambda one: str(one.opens_at))
        said = _("The window for changes of the schedule %(name)s is closed.")
        said %= {"name": first.name}
        lifted = _("It opens by itself. Or update it now.")
        yield Blocker(BlockerKind.WINDOW, Stops.UPDATE, said, lifted, first.opens_at)
