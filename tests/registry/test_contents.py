"""What is in an image, without a pull."""

import json
from typing import Any

import pytest

from tests.registry.conftest import ROBOT, Bench
from updates.registry.contents import ImageContents
from updates.registry.errors import NotARegistry, NotFound
from updates.registry.platforms import Platform

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64", "v8")
CONFIG: dict[str, Any] = {
    "os": "linux",
    "architecture": "amd64",
    "created": "2026-05-01T12:00:00Z",
    "config": {"Env": ["A=1"], "Cmd": ["run"], "User": "", "Hostname": "builder"},
}
INDEX = "application/vnd.oci.image.index.v1+json"


def put(bench: Bench, config: Any = CONFIG, tag: str = "latest") -> str:
    return bench.registry.put_image("team/app", json.dumps(config).encode(), tag)


def test_it_is_read_with_a_manifest_and_a_config(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    digest = put(bench)
    found = bench.client(credentials=ROBOT).contents(bench.reference(f"team/app@{digest}"), AMD64)
    assert (found.platform, found.created) == ("linux/amd64", "2026-05-01T12:00:00Z")
    assert found.config == {"Env": ["A=1"], "Cmd": ["run"]}
    assert bench.registry.counts()["blob"] == 1
    assert ImageContents.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_of_an_index_the_platforms_own_image_is_read(bench: Bench) -> None:
    own = put(bench, CONFIG | {"architecture": "arm64", "variant": "v8"}, "arm")
    other = put(bench, CONFIG, "amd")
    entries = [
        {"digest": other, "platform": {"os": "unknown", "architecture": "unknown"}},
        {"digest": other, "platform": {"os": "linux", "architecture": "amd64"}},
        {"digest": own, "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
    ]
    bench.registry.put_index("team/app", entries)
    client = bench.client()
    assert client.contents(bench.reference(), ARM64).platform == "linux/arm64/v8"
    assert client.contents(bench.reference(), None).platform == "linux/amd64"
    with pytest.raises(NotFound, match="no image for linux/s390x"):
        client.contents(bench.reference(), Platform("linux", "s390x"))


@pytest.mark.parametrize("config", [[], "x", None, 3])
def test_a_config_that_is_none_is_told(bench: Bench, config: Any) -> None:
    put(bench, config)
    with pytest.raises(NotARegistry, match="no readable configuration"):
        bench.client().contents(bench.reference(), AMD64)


def test_an_index_in_itself_ends(bench: Bench) -> None:
    digest = put(bench)
    for tag in ("1", "2", "3"):
        digest = bench.registry.put_document(
            "team/app",
            tag,
            {"schemaVersion": 2, "mediaType": INDEX, "manifests": [nested(digest, tag)]},
        )
    with pytest.raises(NotARegistry, match="without end"):
        bench.client().contents(bench.reference("team/app:3"), AMD64)


def nested(digest: str, tag: str) -> dict[str, Any]:
    return {"digest": digest} | ({} if tag == "1" else {"mediaType": INDEX})
