"""How the list of containers reads."""

from django import template

from updates.models import Container
from updates.views.containers.standing import Standing
from updates.views.containers.standing import standings as of

register = template.Library()


@register.filter
def standings(container: Container) -> list[Standing]:
    """What decides over its updates; the row comes with its holds."""
    return of(container)
