"""A container's secrets kept out of what is shown of its output."""

import re
from collections.abc import Iterable
from typing import Any

MASK = "••••"
_SECRET_NAME = re.compile(
    r"pass|pwd|secret|token|key|credential|auth|private|salt|dsn|cookie", re.IGNORECASE
)
_LOGIN_IN_URL = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
_SHORTEST = 3


def mask(text: str, environment: Iterable[str]) -> str:
    """The text without the values of variables that are named like a secret, or without the
    password in a URL. `environment`: "NAME=value", as an inspect has it."""
    for secret in sorted(_secrets(environment), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _LOGIN_IN_URL.sub(MASK, text)


def _secrets(environment: Iterable[str]) -> set[str]:
    found = set()
    for entry in environment:
        name, _, value = entry.partition("=")
        if _SECRET_NAME.search(name):
            found |= {value, *value.split("\n")}
        found |= {login.partition(":")[2] for login in _LOGIN_IN_URL.findall(value)}
    return {secret for secret in found if len(secret.strip()) >= _SHORTEST}


def masked(document: Any, environment: Iterable[str]) -> Any:
    """A JSON document with `mask` done to every text in it, the environment's own entries too."""
    known = tuple(environment)
    if isinstance(document, str):
        return mask(document, known)
    if isinstance(document, list):
        return [masked(one, known) for one in document]
    if isinstance(document, dict):
        return {mask(key, known): masked(one, known) for key, one in document.items()}
    return document
