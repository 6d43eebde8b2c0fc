"""Cells of the lists that are partials of a template."""

from typing import Any

import django_tables2 as tables
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString


class Cell(tables.TemplateColumn):  # type: ignore[misc]
    """Rendered in the page's own context. TemplateColumn makes a new one for each cell, and runs
    every context processor for it: a third of a page's time went there."""

    def render(self, **kwargs: Any) -> SafeString:
        context = getattr(kwargs["table"], "context", None) or Context()
        with context.update(self.get_context_data(**kwargs)):
            template: Any = get_template(self.template_name)
            rendered: SafeString = template.template.render(context)
        return rendered


def cell(template: str, name: str, place: str = "", **kwargs: Any) -> Cell:
    """A column whose cell is the partial `name` of the template.

    `place` is its class in a narrow screen's card: full and labelled have a line of their own, wide
    is left out, and loose lets its parts flow beside the neighbours.
    """
    attrs = {"td": {"class": place}, "th": {"class": place}}
    return Cell(template_name=f"{template}#{name}", attrs=attrs, **kwargs)
