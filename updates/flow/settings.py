"""Every setting of an update, in one table: name, kind, default, where it may be set.

Each field of `Settings` is a setting. Switches of the commands, the pages' forms, environment
variables and labels are all made from this table. The words are Watchtower's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from updates.flow.setting import About, Group, hook, selection, setting
from updates.flow.values import LINE, NAMES, PAIRS, YES_NO, Duration, ProbeAddress, Signal, Whole
from updates.language import gettext_noop

_HIGHEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The values that count for one host, or for one of its containers. Durations in seconds."""

    enable: bool | None = setting(
        None,
        Group.SELECTION,
        YES_NO,
        gettext_noop("Take part in runs; no leaves it out of every run."),
        label="enable",
        is_for_host=False,
    )
    label_enable: bool = selection(
        False,
        YES_NO,
        gettext_noop("Only containers with the enable label, or enabled by hand."),
        short="e",
    )
    include_stopped: bool = setting(
        False,
        Group.SELECTION,
        YES_NO,
        gettext_noop("Stopped containers too."),
        label="include-stopped",
        short="S",
    )
    include_restarting: bool = setting(
        False,
        Group.SELECTION,
        YES_NO,
        gettext_noop("Containers that keep restarting too."),
        label="include-restarting",
    )
    scope: str = selection(
        "", LINE, gettext_noop('Only containers of this scope; "none": without one.')
    )
    regex: bool = selection(
        False,
        YES_NO,
        gettext_noop("Names and images are regular expressions (RE2) for the whole name."),
    )
    disable_containers: tuple[str, ...] = selection(
        (), NAMES, gettext_noop("Leave these containers out."), short="x"
    )
    monitor_image_names: tuple[str, ...] = selection(
        (), NAMES, gettext_noop("Only containers of these images, with any tag if none is given.")
    )
    skip_image_names: tuple[str, ...] = selection(
        (), NAMES, gettext_noop("Leave containers of these images out.")
    )
    enable_containers_by_label: tuple[str, ...] = selection(
        (), PAIRS, gettext_noop("Only containers with one of these labels, key=value.")
    )
    disable_containers_by_label: tuple[str, ...] = selection(
        (), PAIRS, gettext_noop("Leave containers with one of these labels out, key=value.")
    )

    monitor_only: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("Report what is stale; change nothing."),
        label="monitor-only",
        is_either=True,
        short="m",
    )
    no_pull: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("Ask no registry; use the images at hand."),
        label="no-pull",
        is_either=True,
    )
    no_restart: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("Recreate containers, but do not start them: something else does."),
        label="no-restart",
    )
    revive_stopped: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("Start stopped containers once they are updated."),
        label="revive-stopped",
    )
    cooldown_delay: int = setting(
        0,
        Group.UPDATE,
        Duration(),
        gettext_noop("How old an image has to be before it is installed, e.g. 3d; 0 is off."),
        label="cooldown-delay",
    )
    stop_timeout: int = setting(
        10,
        Group.UPDATE,
        Duration(most=86_400, is_bare=True),
        gettext_noop("Seconds a container gets to stop by itself."),
        label="stop-timeout",
        watchtower="TIMEOUT",
        short="t",
    )
    stop_signal: str = setting(
        "",
        Group.UPDATE,
        Signal(),
        gettext_noop("The signal that stops it; the image's own when empty."),
        label="stop-signal",
        is_for_host=False,
    )
    gate_seconds: int = setting(
        5,
        Group.UPDATE,
        Duration(most=3_600, is_bare=True),
        gettext_noop("How long a new container without a healthcheck has to keep running."),
        label="gate-seconds",
    )
    gate_probe: str = setting(
        "",
        Group.UPDATE,
        ProbeAddress(),
        gettext_noop(
            "What has to answer before a new container counts as working: tcp://, http:// or"
            " https://."
        ),
        label="gate-probe",
        is_for_host=False,
    )
    gate_timeout: int = setting(
        60,
        Group.UPDATE,
        Duration(most=3_600, is_bare=True),
        gettext_noop("How long that probe may take to succeed."),
        label="gate-timeout",
    )
    gate_passes_exit: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("A new container that ends with exit code 0 counts as working."),
        label="gate-passes-exit",
    )
    label_take_precedence: bool = setting(
        False,
        Group.UPDATE,
        YES_NO,
        gettext_noop("A label's no to monitor-only and no-pull wins over a yes elsewhere."),
        is_for_container=False,
    )

    rolling_restart: bool = setting(
        False,
        Group.ORDER,
        YES_NO,
        gettext_noop("One container after the other, also where they depend on each other."),
        is_for_container=False,
    )
    rolling_stops: bool = setting(
        True,
        Group.ORDER,
        YES_NO,
        gettext_noop("A rolling update ends at the first container that fails."),
        is_for_container=False,
    )
    use_compose_depends_on: bool = setting(
        True,
        Group.ORDER,
        YES_NO,
        gettext_noop("Compose's depends_on counts for the order."),
        is_for_container=False,
    )

    enable_lifecycle_hooks: bool = setting(
        False,
        Group.HOOKS,
        YES_NO,
        gettext_noop("Run the commands below, and those that labels name, inside containers."),
        watchtower="LIFECYCLE_HOOKS",
    )
    lifecycle_pre_check: str = hook(gettext_noop("Before each update run."), "lifecycle.pre-check")
    lifecycle_pre_update: str = hook(
        gettext_noop("In the old container before it is replaced; exit code 75 skips the update."),
        "lifecycle.pre-update",
    )
    lifecycle_post_update: str = hook(
        gettext_noop("In the new container once it works."), "lifecycle.post-update"
    )
    lifecycle_post_check: str = hook(gettext_noop("After each update run."), "lifecycle.post-check")
    lifecycle_pre_update_timeout: int = setting(
        1,
        Group.HOOKS,
        Whole(gettext_noop("minutes"), most=10_080),
        gettext_noop("Minutes for the pre-update command; 0: for ever."),
        label="lifecycle.pre-update-timeout",
    )
    lifecycle_post_update_timeout: int = setting(
        1,
        Group.HOOKS,
        Whole(gettext_noop("minutes"), most=10_080),
        gettext_noop("Minutes for the post-update command; 0: for ever."),
        label="lifecycle.post-update-timeout",
    )
    lifecycle_uid: int | None = setting(
        None,
        Group.HOOKS,
        Whole(gettext_noop("a user id"), most=_HIGHEST_ID),
        gettext_noop("The user the commands run as; the container's own when empty."),
        label="lifecycle.uid",
    )
    lifecycle_gid: int | None = setting(
        None,
        Group.HOOKS,
        Whole(gettext_noop("a group id"), most=_HIGHEST_ID),
        gettext_noop("The group the commands run as; the user's own when empty."),
        label="lifecycle.gid",
    )
    post_update_rolls_back: bool = setting(
        False,
        Group.HOOKS,
        YES_NO,
        gettext_noop("A failed post-update command brings the old container back."),
        label="lifecycle.post-update-rolls-back",
    )

    cleanup: bool = setting(
        False,
        Group.CLEAN_UP,
        YES_NO,
        gettext_noop("Remove old images that nothing needs."),
        label="cleanup",
        short="c",
    )
    rollback_window: int = setting(
        0,
        Group.CLEAN_UP,
        Duration(),
        gettext_noop(
            "How long clean-up keeps a replaced image to go back to, e.g. 3d; 0: not at all."
        ),
        label="rollback-window",
    )
    rollback_versions: int = setting(
        0,
        Group.CLEAN_UP,
        Whole(gettext_noop("images"), most=100),
        gettext_noop(
            "How many replaced images clean-up keeps to go back to, however old; 0: none."
        ),
        label="rollback-versions",
    )
    remove_volumes: bool = setting(
        False,
        Group.CLEAN_UP,
        YES_NO,
        gettext_noop("Throw away the data in anonymous volumes with the old container."),
        label="remove-volumes",
    )


@cache
def catalogue() -> Mapping[str, About]:
    """Every setting by its name, in the order of the table."""
    return {one.name: one.metadata["about"] for one in fields(Settings)}


def default_of(name: str) -> Any:
    return next(one.default for one in fields(Settings) if one.name == name)


def switch(name: str) -> str:
    """The setting as commands spell it: "monitor-only"."""
    return name.replace("_", "-")


def variables(name: str) -> tuple[str, str]:
    """Its environment variables: Watchweb's, which wins, and Watchtower's own."""
    upper = name.upper()
    return f"WATCHWEB_{upper}", f"WATCHTOWER_{catalogue()[name].watchtower or upper}"
