"""Words in the language of who looks at a page; the cores that use this know no Django.

The pages' side says who translates. Until it does, all is English.
"""

from collections.abc import Callable
from dataclasses import dataclass


def _chosen(singular: str, plural: str, number: int) -> str:
    return singular if number == 1 else plural


@dataclass(slots=True)
class Translator:
    """As the functions of the standard library's module gettext."""

    gettext: Callable[[str], str] = str
    ngettext: Callable[[str, str, int], str] = _chosen


_translator = Translator()


def speak(gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]) -> None:
    """Translate by these from now on."""
    _translator.gettext = gettext
    _translator.ngettext = ngettext


def gettext(message: str) -> str:
    return _translator.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _translator.ngettext(singular, plural, number)


def gettext_noop(message: str) -> str:
    """Marks the words of a table that is made once; who shows them translates them."""
    return message
