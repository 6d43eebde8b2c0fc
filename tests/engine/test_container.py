"""List entries as values."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from updates.engine.container import ContainerSummary, EngineInfo, ImageSummary

CONTAINER = {
    "Id": "c" * 64,
    "Names": ["/proxy/web", "/web"],
    "Image": "shop/web:1",
    "ImageID": "sha256:1",
    "State": "running",
    "Status": "Up 3 minutes",
    "Labels": {"a": "b"},
    "Created": 1_700_000_000,
    "HostConfig": {"NetworkMode": "front"},
    "NetworkSettings": {"Networks": {"front": {}, "back": None}},
}


def summary(**changes: Any) -> ContainerSummary:
    return ContainerSummary.from_api(CONTAINER | changes)


def test_a_container_of_the_list() -> None:
    assert summary() == ContainerSummary(
        id="c" * 64,
        name="web",
        image="shop/web:1",
        image_id="sha256:1",
        state="running",
        status="Up 3 minutes",
        labels={"a": "b"},
        created_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        network_mode="front",
        networks=("back", "front"),
    )


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("Up 3 minutes (healthy)", "healthy"),
        ("Up 3 minutes (unhealthy)", "unhealthy"),
        ("Up 2 seconds (health: starting)", "starting"),
        ("Up 2 seconds (Paused)", ""),
        ("Exited (0) 5 minutes ago", ""),
        ("", ""),
    ],
)
def test_the_health_is_read_from_the_status(status: str, health: str) -> None:
    assert summary(Status=status).health == health


@pytest.mark.parametrize("names", [None, [], ["/proxy/web"]])
def test_a_container_without_a_name_is_called_by_its_id(names: list[str] | None) -> None:
    assert summary(Names=names).name == "c" * 12


def test_absent_parts_are_empty() -> None:
    assert ContainerSummary.from_api({"Id": "c1"}) == ContainerSummary("c1", "c1", "", "", "")
    assert ImageSummary.from_api({"Id": "i1", "RepoTags": None}) == ImageSummary("i1")


def test_an_image_of_the_list() -> None:
    entry = {
        "Id": "sha256:1",
        "RepoTags": ["shop/web:1", "<none>:<none>"],
        "RepoDigests": ["<none>@<none>", "shop/web@sha256:2"],
        "Size": 5,
        "Labels": None,
    }
    image = ImageSummary.from_api(entry)
    assert image.repo_tags == ("shop/web:1",)
    assert image.repo_digests == ("shop/web@sha256:2",)
    assert (image.size, image.labels) == (5, {})


def test_what_an_engine_says_of_itself_survives_as_json() -> None:
    info = EngineInfo("29.0", "1.51", "1.52", "1.44", "linux", "arm64", "Podman Engine", True)
    assert EngineInfo.from_dict(json.loads(json.dumps(info.to_dict()))) == info


def test_kept_facts_of_another_time_are_read_as_far_as_they_go() -> None:
    kept = {"version": "29.0", "os": None, "is_podman": "yes", "colour": "blue"}
    assert EngineInfo.from_dict(kept) == EngineInfo("29.0", "", "", "")


@pytest.mark.parametrize(
    ("os", "arch", "platform"),
    [("linux", "arm64", "linux/arm64"), ("linux", "", ""), ("", "arm64", ""), ("", "", "")],
)
def test_a_platform_is_known_whole_or_not_at_all(os: str, arch: str, platform: str) -> None:
    assert EngineInfo("", "", "", "", os, arch).platform == platform
