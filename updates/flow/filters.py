"""Which containers take part in a run; the order is Watchtower's (BuildFilter)."""

from collections.abc import Collection

from updates.engine.container import ContainerSummary
from updates.flow import labels, names, pairs, scope
from updates.flow.session import Params


def why_excluded(container: ContainerSummary, params: Params, own_ids: Collection[str]) -> str:
    """The sentence that keeps this container out of every run; "" when none does."""
    own = "Watchweb itself runs in it." if container.id in own_ids else ""
    return _by_enable_label(container, params) or own


def why_left_out(container: ContainerSummary, params: Params) -> str:
    """The sentence that keeps this container out of this run alone; "" when it takes part."""
    return (
        _by_name(container, params)
        or _by_image(container, params)
        or _by_pair(container, params)
        or scope.why_outside(container.labels, params.scope)
        or ("" if is_named(container, params) else "This run names others.")
    )


def is_named(container: ContainerSummary, params: Params) -> bool:
    """True if the run names no containers, or names this one."""
    if not params.names:
        return True
    return names.is_named(container, params.names, as_regex=params.regex)


def _by_name(container: ContainerSummary, params: Params) -> str:
    disabled = params.disable_containers
    if names.is_named(container, disabled, as_regex=params.regex):
        return "Its name is among the disabled containers."
    return ""


def _by_image(container: ContainerSummary, params: Params) -> str:
    wanted, unwanted = params.monitor_image_names, params.skip_image_names
    if wanted and not names.is_of_image(container, wanted, as_regex=params.regex):
        return "Its image is not among those that take part."
    if names.is_of_image(container, unwanted, as_regex=params.regex):
        return "Its image is among those to skip."
    return ""


def _by_pair(container: ContainerSummary, params: Params) -> str:
    wanted, unwanted = params.enable_containers_by_label, params.disable_containers_by_label
    if wanted and not pairs.has_any(container.labels, wanted):
        return "It has none of the labels that take part."
    if pairs.has_any(container.labels, unwanted):
        return "One of its labels is among the disabled ones."
    return ""


def _by_enable_label(container: ContainerSummary, params: Params) -> str:
    enabled = labels.boolean(container.labels, "enable")
    if enabled is False:
        return "Its enable label is false."
    if params.label_enable and enabled is None:
        return "Only containers with the enable label take part, and it has none."
    return ""
