"""Django's template language for people's own texts: no files, no settings, no harm.

What is left out reads files or settings (load, include, extends, static, debug), knows addresses
(url, querystring) or makes a text of any length from nothing (lorem, center, ljust, rjust).
"""

from django.template import Engine, Library, defaultfilters, defaulttags
from django.template.base import Template

_TAGS = (
    *("autoescape", "comment", "cycle", "filter", "firstof", "for", "if", "ifchanged", "now"),
    *("regroup", "resetcycle", "spaceless", "templatetag", "verbatim", "widthratio", "with"),
)
_NOT_FILTERS = {"center", "ljust", "rjust", "stringformat", "floatformat", "pprint", "random"}

register = Library()
for _name in _TAGS:
    register.tag(_name, defaulttags.register.tags[_name])
for _name, _filter in defaultfilters.register.filters.items():
    if _name not in _NOT_FILTERS:
        register.filter(
            _name,
            _filter,
            **{
                flag: True
                for flag in _filter.__dict__
                if flag in ("expects_localtime", "is_safe", "needs_autoescape")
            },
        )


@register.filter
def short(value: str) -> str:
    """The first twelve digits of a digest or an image's id. Source: Watchtower's ShortID."""
    return str(value).rpartition(":")[2][:12]


class PlainEngine(Engine):
    """Knows the tags and filters above alone, and no template beside the one at hand."""

    default_builtins = ["updates.notifications.language"]


_ENGINE = PlainEngine(dirs=[], app_dirs=False, autoescape=False, libraries={}, loaders=[])


def compiled(source: str) -> Template:
    """Raises TemplateSyntaxError, whose `token.lineno` tells where if there is a `token`."""
    return _ENGINE.from_string(source)
