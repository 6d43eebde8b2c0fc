"""Which platforms fit which."""

from typing import Any

import pytest

from updates.flow.platform import fits_platform, is_same_machine, not_available, platform_of
from updates.registry.reference import Reference

TABLE = [
    ("linux/amd64", ["linux/arm64", "linux/amd64"], True),
    ("linux/amd64", ["linux/arm64", "unknown/unknown"], False),
    ("linux/amd64", ["windows/amd64"], False),
    ("linux/amd64", [], False),
    ("linux/arm64", ["linux/arm64/v8"], True),
    ("linux/arm64/v8", ["linux/arm64"], True),
    ("linux/arm/v7", ["linux/arm/v6"], True),
    ("linux/arm/v7", ["linux/arm/v5"], True),
    ("linux/arm/v6", ["linux/arm/v7"], False),
    ("linux/arm", ["linux/arm/v7"], True),
    ("Linux/AMD64", ["linux/amd64"], True),
    ("linux/amd64", ["linux", "", "a/b/c/d"], False),
    ("", ["linux/amd64"], True),
    ("linux", ["linux/amd64"], True),
]


@pytest.mark.parametrize(("wanted", "offered", "fits"), TABLE)
def test_what_runs_where(wanted: str, offered: list[str], fits: bool) -> None:
    assert fits_platform(wanted, offered) is fits


def test_a_variant_makes_no_other_machine() -> None:
    assert is_same_machine("linux/arm64", "linux/arm64/v8")
    assert not is_same_machine("linux/arm64", "linux/amd64")


@pytest.mark.parametrize(
    ("image", "platform"),
    [
        ({"Os": "linux", "Architecture": "amd64"}, "linux/amd64"),
        ({"Os": "linux", "Architecture": "arm64", "Variant": ""}, "linux/arm64"),
        ({"Os": "linux", "Architecture": "arm", "Variant": "v7"}, "linux/arm/v7"),
        ({"Os": "linux", "Architecture": ""}, ""),
        ({"Architecture": "amd64", "Variant": "v2"}, ""),
        ({}, ""),
    ],
)
def test_an_image_says_its_platform_whole_or_not_at_all(
    image: dict[str, Any], platform: str
) -> None:
    assert platform_of(image) == platform


def test_the_words_name_the_image_as_people_do() -> None:
    nginx = Reference.parse("docker.io/library/nginx:1")
    assert not_available(nginx, "linux/arm64") == (
        "nginx:1 is not available for linux/arm64: nothing is pulled."
    )
