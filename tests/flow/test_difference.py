"""What another image changes, from two configurations."""

from typing import Any

import pytest

from updates.flow.difference import Change, difference
from updates.registry.contents import ImageContents

SECOND = 1_000_000_000


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    found = difference(ImageContents(config=before), ImageContents(config=after))
    return [(one.what, one.before, one.after) for one in (*found.changes, *found.labels)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"Cmd": ["a", "b c"]}, {"Cmd": ["a"]}, ("Command", "a 'b c'", "a")),
        ({}, {"Entrypoint": ["/run"]}, ("Entrypoint", None, "/run")),
        ({"User": "app"}, {}, ("User", "app", None)),
        ({"WorkingDir": "/a"}, {"WorkingDir": "/b"}, ("Working directory", "/a", "/b")),
        ({"StopSignal": "SIGQUIT"}, {}, ("Stop signal", "SIGQUIT", None)),
        ({"Env": ["A=1", "B=2"]}, {"Env": ["B=2", "A=1=1"]}, ("Variable A", "1", "1=1")),
        ({"Env": ["A=1"]}, {"Env": []}, ("Variable A", "1", None)),
        ({}, {"ExposedPorts": {"80/tcp": {}}}, ("Port 80/tcp", None, "")),
        ({"Volumes": {"/data": {}}}, {}, ("Volume /data", "", None)),
        (
            {"Healthcheck": {"Test": ["NONE"], "Interval": 5 * SECOND}},
            {"Healthcheck": {"Test": ["NONE"], "Interval": 1_500_000_000}},
            ("Health check: every", "5 s", "1.5 s"),
        ),
        ({"Labels": {"a": "1"}}, {"Labels": {"a": "2"}}, ("a", "1", "2")),
    ],
)
def test_each_thing_that_is_other_is_told(
    before: dict[str, Any], after: dict[str, Any], told: tuple[str, Any, Any]
) -> None:
    assert changes(before, after) == [told]
    assert changes(before, before) == changes(after, after) == []


@pytest.mark.parametrize("odd", ["x", 3, ["y"], {"a": None}, [{"b": 1}], True])
@pytest.mark.parametrize("name", ["Env", "Cmd", "Labels", "Volumes", "ExposedPorts", "Healthcheck"])
def test_odd_configurations_of_strangers_break_nothing(name: str, odd: Any) -> None:
    for _, before, after in changes({}, {name: odd}):
        assert isinstance(before or after, str)


def test_a_change_says_its_kind() -> None:
    assert [Change("x", *two).words for two in ((None, "1"), ("1", None), ("1", "2"))] == [
        "added",
        "removed",
        "changed",
    ]


def test_only_layers_that_the_old_image_lacks_are_new() -> None:
    old = ImageContents(layers={"sha256:a": 10, "sha256:b": 20})
    new = ImageContents(layers={"sha256:a": 10, "sha256:c": 300, "sha256:d": 5})
    found = difference(old, new)
    assert (found.new_layers, found.new_bytes, new.size) == (2, 305, 315)
