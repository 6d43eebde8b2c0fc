"""The comparison of documents can fail."""

from typing import Any

import pytest

from tests.watchtower_api.likeness import differences

RECORDED = {"count": 1, "list": [{"name": "web", "ok": True}]}


@pytest.mark.parametrize(
    ("ours", "found"),
    [
        ({"count": 7, "list": [{"name": "", "ok": False}]}, []),
        ({"count": 7, "list": []}, []),
        ({"count": 7}, ["list is missing"]),
        ({"count": True, "list": []}, ["count is True, and not like 1"]),
        ({"count": 1, "list": None}, ["list is None, and not like"]),
        ({"count": 1, "list": [{"name": "a", "ok": True}, {"name": "b"}]}, ["list.ok is missing"]),
        ({"count": 1, "list": [], "x": 1}, ["x is too much"]),
        ({"count": 1, "list": [{"name": "a", "ok": True, "more": 1, "error": "x"}]}, []),
        ({"count": 1, "list": [{"name": "a", "ok": True, "error": 1}]}, ["list.error is 1"]),
    ],
)
def test_what_differs_is_named(ours: Any, found: list[str]) -> None:
    said = list(differences(ours, RECORDED, more=["list.more"], optional={"list.error": "x"}))
    assert len(said) == len(found)
    for sentence, start in zip(said, found, strict=True):
        assert sentence.startswith(start)
