"""Whether what the registry has may be installed, and when."""

from collections.abc import Iterator
from dataclasses import replace

from updates.flow.blockers.blocker import Blocker, BlockerKind, Stops
from updates.flow.blockers.situation import Situation
from updates.flow.check import OTHER_IMAGE, TAG_MOVED
from updates.flow.plan import why_left
from updates.flow.setting import Level

_FOUND = "An update is available; "
_PLAIN = frozenset({"", OTHER_IMAGE, TAG_MOVED})


def why_not_updated(at: Situation) -> Iterator[Blocker]:
    """What people set and the container's state count also before there is an update."""
    found = [*_by_settings(at), *_by_state(at), *_by_holds(at), *_by_age(at)]
    if at.has_update and not found and at.reason not in _PLAIN:
        lifted = "It is looked at anew in each update run."
        said = f"The last run that looked at it left it: {at.reason}"
        found.append(Blocker(BlockerKind.OTHER, Stops.UPDATE, said, lifted))
    yield from found
    if at.has_update:
        yield from _by_timetable(at)


def _by_settings(at: Situation) -> Iterator[Blocker]:
    if at.settings.monitor_only:
        said = f"It is only monitored, by {at.origin('monitor_only')}."
        lifted = f"{at.undo('monitor_only')} Until then a run reports what is new."
        yield Blocker(BlockerKind.MONITOR_ONLY, Stops.UPDATE, said, lifted)


def _by_state(at: Situation) -> Iterator[Blocker]:
    settings = replace(at.settings, monitor_only=False)
    why = why_left(at.container, settings).removeprefix(_FOUND)
    if not why:
        return
    said = why[:1].upper() + why[1:]
    lifted = {
        "paused": "Unpause it.",
        "restarting": "Repair it, or set “include restarting” to yes.",
    }.get(at.container.state, "Start it, or set “include stopped” to yes.")
    yield Blocker(BlockerKind.STATE, Stops.UPDATE, said, lifted)


def _by_holds(at: Situation) -> Iterator[Blocker]:
    for hold in at.holds:
        if hold.is_for_all:
            said, lifted = f"It is held. {hold.why}", "Release it."
            yield Blocker(BlockerKind.HELD, Stops.UPDATE, said, lifted)
        elif at.has_update and hold.keeps_out(at.remote_digest, ""):
            said = f"The image that the registry has is blocked here. {hold.why}"
            lifted = "The next image in the registry is tried by itself. Or approve this one."
            yield Blocker(BlockerKind.BLOCKED, Stops.UPDATE, said, lifted, is_approvable=True)


def _by_age(at: Situation) -> Iterator[Blocker]:
    if at.has_update and at.held_until and at.held_until > at.now:
        said = f"The new image is too young (cooldown), by {at.origin('cooldown_delay')}."
        is_labelled = at.effective.origins["cooldown_delay"] is Level.LABEL
        lifted = "It is over by itself." + ("" if is_labelled else " Or approve the image before.")
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
        said = "No schedule updates it: it waits for somebody to start an update."
        lifted = "Update it now, or plan an update that is for it."
        yield Blocker(BlockerKind.NO_SCHEDULE, Stops.UPDATE, said, lifted)
    elif at.are_paused:
        said, lifted = "All schedules are paused.", "Resume them, or update it now."
        yield Blocker(BlockerKind.PAUSED, Stops.UPDATE, said, lifted)
    elif all(one.opens_at for one in updates):
        first = min((one for one in updates if one.opens_at), key=lambda one: str(one.opens_at))
        said = f"The window for changes of the schedule {first.name} is closed."
        lifted = "It opens by itself. Or update it now."
        yield Blocker(BlockerKind.WINDOW, Stops.UPDATE, said, lifted, first.opens_at)
