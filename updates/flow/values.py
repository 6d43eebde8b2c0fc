"""The kinds of values that settings take: read from text or JSON, shown as text again.

`read` takes what a person typed, a label says or a JSON column holds, and raises BadValue with a
sentence that begins with a verb ("takes a number …"), in the language of who looks at the page.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from updates.flow import labels, pairs
from updates.language import gettext as _
from updates.language import gettext_noop

MAX_LINE = 4000
_UNITS = {"M": 30 * 86_400, "w": 7 * 86_400, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\s*\d{1,9}\s*[Mwdhms])+\s*")
_PROBE = re.compile(r"(?:tcp://[^\s/@]{1,255}:\d{1,5}|https?://[^\s@/][^\s@]{0,1000})")
_SIGNAL = re.compile(r"[A-Za-z0-9+-]{1,20}")
YES = labels.TRUE | {"yes", "on"}
_NO = labels.FALSE | {"no", "off"}


class BadValue(ValueError):
    """What is wrong, as the end of a sentence that begins with the setting's name."""


class ValueKind(Protocol):
    """One kind of value."""

    def read(self, raw: Any) -> Any:
        """The value. Raises BadValue."""

    def show(self, value: Any) -> str:
        """The value as a person would type it."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A bool; in text as Go's ParseBool has it, and yes, no, on, off."""

    def read(self, raw: Any) -> bool:
        text = str(raw).strip()
        if text in YES:
            return True
        if text in _NO:
            return False
        raise BadValue(_("takes yes or no."))

    def show(self, value: Any) -> str:
        return gettext_noop("yes") if value else gettext_noop("no")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; `unit` says of what."""

    unit: str
    least: int = 0
    most: int = 1_000_000

    def read(self, raw: Any) -> int:
        text = str(raw).strip()
        if not text.lstrip("-").isdecimal() or not self.least <= int(text) <= self.most:
            said = _("takes a number of %(unit)s from %(least)d to %(most)d.")
            raise BadValue(said % {"unit": _(self.unit), "least": self.least, "most": self.most})
        return int(text)

    def show(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, an int; in text with the units s, m, h, d, w and M (30 days), as in "1d12h".

    Source: the Watchtower fork's cooldown-delay. A bare number counts only where `is_bare`.
    """

    most: int = 3650 * 86_400
    is_bare: bool = False

    def read(self, raw: Any) -> int:
        seconds = raw if type(raw) is int else self._seconds(str(raw).strip())
        if not 0 <= seconds <= self.most:
            said = _("takes a duration of at most %(most)s.")
            raise BadValue(said % {"most": self.show(self.most)})
        return int(seconds)

    def show(self, value: Any) -> str:
        """ "1d 12h"; a month is shown as its days, for 30 d say more than M."""
        left, parts = int(value), []
        for unit, seconds in _UNITS.items():
            count, rest = divmod(left, seconds)
            if count and unit not in "Mw":
                parts.append(f"{count}{unit}")
                left = rest
        return " ".join(parts) or "0"

    def _seconds(self, text: str) -> int:
        if text.isdecimal() and (self.is_bare or not int(text)):
            return int(text[:12])
        if not _DURATION.fullmatch(text):
            bare, united = _("30, 30s or 2m"), _("12h, 3d or 1w2d")
            said = _("takes a duration such as %(examples)s.")
            raise BadValue(said % {"examples": bare if self.is_bare else united})
        found = re.findall(r"(\d+)\s*([Mwdhms])", text)
        return sum(int(count) * _UNITS[unit] for count, unit in found)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, e.g. a command."""

    def read(self, raw: Any) -> str:
        text = str(raw).strip()
        if len(text) > MAX_LINE or "\0" in text:
            raise BadValue(_("takes at most %(most)d letters.") % {"most": MAX_LINE})
        return text

    def show(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Signal:
    """The name or number of a signal."""

    def read(self, raw: Any) -> str:
        text = str(raw).strip()
        if not _SIGNAL.fullmatch(text):
            raise BadValue(_("takes the name of a signal, such as SIGHUP."))
        return text

    def show(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class ProbeAddress:
    """Where a probe asks: tcp://HOST:PORT, or an http or https URL; `{ip}` may be its host."""

    def read(self, raw: Any) -> str:
        text = str(raw).strip()
        if not _PROBE.fullmatch(text):
            said = _("takes tcp://HOST:PORT or an http URL, e.g. http://{ip}:8080/health.")
            raise BadValue(said)
        return text

    def show(self, value: Any) -> str:
        return str(value)


def _split_names(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for text in texts for name in re.split(r"[,\s]+", text) if name)


@dataclass(frozen=True, slots=True)
class Words:
    """Several texts, in text separated by commas; in JSON a list."""

    split: Callable[[Sequence[str]], tuple[str, ...]] = _split_names
    why_wrong: Callable[[tuple[str, ...]], str] = lambda _: ""

    def read(self, raw: Any) -> tuple[str, ...]:
        """A list is taken as it is: a comma belongs to a regular expression."""
        if isinstance(raw, str):
            found = self.split([raw])
        else:
            found = tuple(str(one).strip() for one in raw)
        if why := self.why_wrong(found):
            raise BadValue(why)
        return found

    def show(self, value: Any) -> str:
        return ", ".join(value)


YES_NO = YesNo()
LINE = Line()
NAMES = Words()
PAIRS = Words(split=pairs.split, why_wrong=pairs.why_wrong)
