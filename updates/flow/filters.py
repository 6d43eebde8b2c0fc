"""Which containers take part in a run; the order is Watchtower's (BuildFilter)."""

from collections.abc import Collection

from updates.engine.container import ContainerSummary
from updates.flow import names, pairs, scope
from updates.flow.half_way import is_half_way
from updates.flow.rules import Rules
from updates.flow.setting import Level
from updates.flow.settings import Settings
from updates.language import gettext as _
from updates.language import gettext_noop

HALF_WAY = gettext_noop("An update is under way with it, or has set it aside.")


def why_excluded(container: ContainerSummary, rules: Rules, own_ids: Collection[str]) -> str:
    """The sentence that keeps this container out of every run; "" when none does."""
    if is_half_way(container.name, container.id):
        return _(HALF_WAY)
    own = _("Watchweb itself runs in it.") if container.id in own_ids else ""
    return _by_enabling(container, rules) or own


def why_left_out(container: ContainerSummary, rules: Rules) -> str:
    """The sentence that keeps this container out of this run alone; "" when it takes part."""
    return (
        _by_name(container, rules.host)
        or _by_image(container, rules.host)
        or _by_pair(container, rules.host)
        or scope.why_outside(container.labels, rules.host.scope)
        or ("" if is_named(container, rules) else _("This run names others."))
    )


def is_named(container: ContainerSummary, rules: Rules) -> bool:
    """True if the run names no containers, or names this one, and so its patterns and images."""
    as_regex = rules.host.regex and not rules.are_exact
    if rules.names and not names.is_named(container, rules.names, as_regex=as_regex):
        return False
    if rules.patterns and not names.is_named(container, rules.patterns, as_regex=True):
        return False
    return not rules.images or names.is_of_image(container, rules.images, as_regex=False)


def _by_name(container: ContainerSummary, host: Settings) -> str:
    disabled = host.disable_containers
    if names.is_named(container, disabled, as_regex=host.regex):
        return _("Its name is among the disabled containers.")
    return ""


def _by_image(container: ContainerSummary, host: Settings) -> str:
    wanted, unwanted = host.monitor_image_names, host.skip_image_names
    if wanted and not names.is_of_image(container, wanted, as_regex=host.regex):
        return _("Its image is not among those that take part.")
    if names.is_of_image(container, unwanted, as_regex=host.regex):
        return _("Its image is among those to skip.")
    return ""


def _by_pair(container: ContainerSummary, host: Settings) -> str:
    wanted, unwanted = host.enable_containers_by_label, host.disable_containers_by_label
    if wanted and not pairs.has_any(container.labels, wanted):
        return _("It has none of the labels that take part.")
    if pairs.has_any(container.labels, unwanted):
        return _("One of its labels is among the disabled ones.")
    return ""


def _by_enabling(container: ContainerSummary, rules: Rules) -> str:
    effective = rules.effective(container)
    enabled, origin = effective.settings.enable, effective.origins["enable"]
    if enabled is False:
        is_labelled = origin is Level.LABEL
        return _("Its enable label is false.") if is_labelled else _("Its settings leave it out.")
    if rules.host.label_enable and enabled is None:
        return _("Only containers with the enable label take part, and it has none.")
    return ""
