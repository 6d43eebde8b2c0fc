"""A channel's templates filled in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template import Context, TemplateSyntaxError

from updates.models import Channel
from updates.notifications.context import context_of
from updates.notifications.happening import Happening
from updates.notifications.language import compiled
from updates.notifications.presets import SHORT, source_of

# Longer ones are refused by most services; it is cut with a word about it.
MAX_TEXT = 20_000
_CUT = "\n… cut off here."


class TemplateTrouble(Exception):
    """A person's template cannot be used; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Message:
    """`trouble`: why the person's own template was not used; the text is then the short one."""

    title: str
    text: str
    severity: str
    trouble: str = ""


def message_of(channel: Channel, events: Sequence[Happening], run_ids: Collection[int]) -> Message:
    """The channel's message about these; its own template's trouble never loses the news."""
    values = context_of(channel, events, run_ids)
    try:
        title, text = filled(channel.title, values), filled(source_of(channel), values)
        trouble = ""
    except TemplateTrouble as error:
        title, text = f"Watchweb: {values['summary']}", filled(SHORT, values)
        trouble = f"The channel's template cannot be used: {error}"
    return Message(" ".join(title.split()), text.strip(), values["severity"], trouble)


def filled(source: str, values: Mapping[str, Any]) -> str:
    """Raises TemplateTrouble."""
    check(source)
    try:
        text = compiled(source).render(Context(dict(values), autoescape=False, use_l10n=False))
    except Exception as error:  # noqa: BLE001 - whatever a person's expression led to
        raise TemplateTrouble(f"It fails when it is filled in: {_told(error)}") from None
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT


def check(source: str) -> None:
    """Raises TemplateTrouble for one that cannot be read."""
    try:
        compiled(source)
    except TemplateSyntaxError as error:
        token = getattr(error, "token", None)
        where = f"Line {token.lineno}: " if token is not None else ""
        raise TemplateTrouble(f"{where}{_told(error)}") from None


def _told(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return f"{words[:300].rstrip('.')}."
