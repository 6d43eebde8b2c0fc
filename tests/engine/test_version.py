"""Which API version is spoken."""

from typing import Any

import pytest

from updates.engine.errors import EngineTooOld
from updates.engine.version import agree, is_at_least


@pytest.mark.parametrize(
    ("version", "other", "is_it"),
    [("1.41", "1.9", True), ("1.9", "1.41", False), ("1.44", "1.44", True), ("2.0", "1.99", True)],
)
def test_versions_compare_as_numbers(version: str, other: str, is_it: bool) -> None:
    assert is_at_least(version, other) is is_it


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ({"ApiVersion": "1.41", "MinAPIVersion": "1.12"}, "1.41"),
        ({"ApiVersion": "1.56", "MinAPIVersion": "1.40"}, "1.51"),
        ({"ApiVersion": "1.60", "MinAPIVersion": "1.55"}, "1.55"),
        ({"ApiVersion": "1.30"}, "1.30"),
    ],
)
def test_the_highest_version_that_both_know_is_spoken(said: dict[str, Any], spoken: str) -> None:
    assert agree(said, "tcp://nas:2376").api_version == spoken


def test_an_engine_below_1_24_is_too_old() -> None:
    with pytest.raises(EngineTooOld, match=r"tcp://nas:2376 speaks API 1\.23"):
        agree({"ApiVersion": "1.23"}, "tcp://nas:2376")


def test_podman_is_known_by_its_component() -> None:
    said = {"ApiVersion": "1.41", "Version": "5.4.2", "Components": [{"Name": "Podman Engine"}]}
    info = agree(said, "unix:///run/podman.sock")
    assert (info.is_podman, info.name, info.version) == (True, "Podman Engine", "5.4.2")
