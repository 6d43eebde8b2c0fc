"""Scopes keep several of us apart."""

import pytest

from updates.flow.labels import WATCHTOWER, WATCHWEB
from updates.flow.scope import why_outside

THEIRS = WATCHTOWER + "scope"
OURS = WATCHWEB + "scope"


@pytest.mark.parametrize(
    ("labels", "scope", "why"),
    [
        ({}, "", ""),
        ({THEIRS: "a"}, "", ""),
        ({}, "none", ""),
        ({THEIRS: ""}, "none", ""),
        ({THEIRS: "none"}, "none", ""),
        ({THEIRS: "a"}, "none", "its scope is 'a'"),
        ({THEIRS: "a"}, "a", ""),
        ({THEIRS: "a"}, "b", "its scope is 'a'"),
        ({}, "a", "it has none"),
        ({THEIRS: ""}, "a", "it has none"),
        ({THEIRS: "a", OURS: "b"}, "b", ""),
        ({THEIRS: "a", OURS: "b"}, "a", "its scope is 'b'"),
    ],
)
def test_an_empty_scope_takes_all_and_none_takes_those_without(
    labels: dict[str, str], scope: str, why: str
) -> None:
    found = why_outside(labels, scope)
    assert why in found
    assert bool(found) is bool(why)
