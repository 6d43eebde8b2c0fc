"""Reading what a caller sends: JSON of a bounded size, of nothing but text."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from ninja.parser import Parser

from updates.api.problems import Problem, wrong

MAX_BODY_BYTES = 1_000_000
_JSON = "application/json"
_DEFAULT_FORM = "application/x-www-form-urlencoded"  # curl -d "" says so.
_LIKE_TEXT = ("", "utf-8", "utf8")


def check_body(request: HttpRequest) -> None:
    """Look at a body's kind and size before it is read.

    Raises Problem: 413 for more than a megabyte, 415 for what is not JSON in UTF-8.
    """
    length = _length_of(request)
    if length > MAX_BODY_BYTES:
        raise Problem(413, f"At most {MAX_BODY_BYTES} bytes are taken; these are {length}.")
    kind = request.content_type or ""
    is_nothing = not length and kind in ("", _DEFAULT_FORM)
    charset = (request.content_params or {}).get("charset", "").lower()
    if not is_nothing and (kind != _JSON or charset not in _LIKE_TEXT):
        raise Problem(415, f"Send “Content-Type: {_JSON}”, in UTF-8.")


class JsonParser(Parser):
    """JSON as RFC 8259 has it: no NaN; and no text that a database cannot keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            text = request.body.decode("utf-8")
            found = json.loads(text, parse_constant=_refuse)
        except UnicodeDecodeError as error:
            raise Problem(400, "The body is not UTF-8.") from error
        except RecursionError as error:
            raise Problem(400, "The body is nested too deeply.") from error
        except ValueError as error:
            raise Problem(400, f"The body is not JSON: {_first_line(error)}") from error
        except UnreadablePostError as error:
            raise Problem(400, "The body did not arrive as a whole.") from error
        if (place := unkeepable_in(found)) is not None:
            raise wrong(place, "This is text that cannot be kept: NUL or half a character in it.")
        return found


def unkeepable_in(value: Any, place: str = "") -> str | None:
    """Where there is a text with NUL or a lone surrogate in it; None if nowhere."""
    if isinstance(value, str):
        return place if is_unkeepable(value) else None
    parts: Any = ()
    if isinstance(value, dict):
        parts = [*(("", name) for name in value), *value.items()]
    elif isinstance(value, list):
        parts = enumerate(value)
    for name, part in parts:
        found = unkeepable_in(part, f"{place}.{name}".strip("."))
        if found is not None:
            return found
    return None


def is_unkeepable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= one <= "\udfff" for one in text)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"there is no {name} in it.")


def _first_line(error: ValueError) -> str:
    """What json says, which names a place and never the text; else only that it was refused."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})."
    return "it has a number that is too long, or one that is none."


def _length_of(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() and len(text) < 19 else MAX_BODY_BYTES + 1
