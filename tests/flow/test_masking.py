"""Secrets of a container's environment are not shown."""

import pytest

from updates.flow.masking import MASK, mask

ENVIRONMENT = [
    "DB_PASSWORD=hunter2",
    "API_TOKEN=abc=def",
    "SECRET=",
    "PIN_SECRET=1",
    "MODE=fast",
    "URL=postgres://me:pg-word@db/shop",
    "EMPTY",
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the word is hunter2!", f"the word is {MASK}!"),
        ("abc=def", MASK),
        ("pg-word", MASK),
        ("postgres://me:pg-word@db/shop", f"postgres://{MASK}@db/shop"),
        ("https://a:b@c", f"https://{MASK}@c"),
        ("mode fast, 1 of 1", "mode fast, 1 of 1"),
        ("", ""),
    ],
)
def test_what_is_a_secret_is_masked_and_nothing_else(text: str, shown: str) -> None:
    assert mask(text, ENVIRONMENT) == shown
