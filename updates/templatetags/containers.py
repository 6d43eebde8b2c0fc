"""How the list of containers reads."""

from django import template

from updates.models import Container
from updates.registry.reference import split_registry
from updates.views.containers.standing import Standing
from updates.views.containers.standing import standings as of

register = template.Library()
_KEEPS = {Standing.HELD, Standing.BLOCKED, Standing.MONITOR_ONLY, Standing.EXCLUDED}


@register.filter
def standings(container: Container) -> list[Standing]:
    """What decides over its updates; the row comes with its holds."""
    return of(container)


@register.filter
def runs_update_it(container: Container) -> bool:
    """True if nothing that the list shows keeps runs from it; the row comes with its holds."""
    return _KEEPS.isdisjoint(of(container))


@register.filter
def in_registry(image: str) -> tuple[str, str]:
    """("ghcr.io/", "acme/app:1"); nothing before what Docker Hub has."""
    domain, rest = split_registry(image)
    return f"{domain}/" if domain else "", rest


@register.filter
def is_named_after_stack(container: Container) -> bool:
    """As Compose names it: "shop-web-1" of the stack "shop"."""
    return container.name.startswith((f"{container.stack}-", f"{container.stack}_"))
