"""A JSON body, and what is at a place in it: of the type that is wanted, or nothing."""

import json
from collections.abc import Mapping
from typing import Any

from updates.webhooks.errors import Malformed

Document = Mapping[str, Any]
_MAX_WORD = 60


def read(body: bytes) -> Document:
    """The object that a body is. Raises Malformed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no JSON. Choose application/json at the sender.") from error
    if not isinstance(found, dict):
        raise Malformed("The body is JSON, but no object.")
    return found


def part(document: Document, *place: str) -> Document:
    """The object at a place; an empty one if there is none."""
    found: Any = document
    for name in place:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def text(document: Document, *place: str) -> str:
    """The string at a place; "" if there is none."""
    found = part(document, *place[:-1]).get(place[-1])
    return found.strip() if isinstance(found, str) else ""


def objects(document: Document, *place: str) -> list[Document]:
    """The objects of the list at a place."""
    found = part(document, *place[:-1]).get(place[-1])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts(document: Document, *place: str) -> list[str]:
    """The strings of the list, or the keys of the object, at a place."""
    found = part(document, *place[:-1]).get(place[-1])
    if not isinstance(found, list | dict):
        return []
    return [one.strip() for one in found if isinstance(one, str)]


def word(said: str) -> str:
    """A word of the sender's that is shown and kept: short, with nothing that does not print."""
    return "".join(one for one in said[:_MAX_WORD] if one.isprintable())
