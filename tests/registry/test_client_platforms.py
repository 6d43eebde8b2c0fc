"""What the client fetches to tell which platforms a reference offers."""

import json

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from updates.registry.errors import AuthError, NotARegistry, NotFound
from updates.registry.platforms import Platform

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
CONFIG = json.dumps({"os": "linux", "architecture": "arm64"}).encode()


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_an_index_tells_its_platforms_in_one_request(bench: Bench, auth: str) -> None:
    bench.registry.behaviour.auth = auth
    platforms = [{"os": "linux", "architecture": name} for name in ("amd64", "arm64")]
    digest = bench.registry.put_index("team/app", [{"platform": each} for each in platforms])
    client = bench.client(credentials=ROBOT)
    client.resolve(bench.reference())
    bench.registry.forget()

    found = client.platforms(bench.reference(f"team/app@{digest}"))

    assert found == frozenset({AMD64, ARM64})
    assert bench.registry.counts() == {"manifest": 1}
    assert bench.registry.seen[0].path.endswith(digest)


def test_an_image_tells_its_platform_by_its_config(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    digest = bench.registry.put_image("team/app", CONFIG)
    client = bench.client(credentials=ROBOT)

    assert client.platforms(bench.reference(f"team/app:latest@{digest}")) == frozenset({ARM64})
    assert bench.registry.counts() == {"manifest": 2, "token": 1, "blob": 1}


def test_a_config_elsewhere_is_fetched_without_authorization(bench: Bench) -> None:
    bench.registry.behaviour.auth = "bearer"
    with FakeRegistry(host="127.0.0.2") as storage:
        bench.registry.put_image("team/app", CONFIG)
        storage.put_image("team/app", CONFIG)
        bench.registry.behaviour.blobs_at = storage.url

        assert bench.client(credentials=ROBOT).platforms(bench.reference()) == frozenset({ARM64})
        assert [seen.authorization for seen in storage.seen] == [""]


def test_a_config_that_never_ends_is_refused(bench: Bench) -> None:
    bench.registry.put_image("team/app", b" " * 1_100_000)

    with pytest.raises(NotARegistry, match="an answer without end, not a config"):
        bench.client().platforms(bench.reference())


def test_another_config_than_the_manifest_names_is_refused(bench: Bench) -> None:
    bench.registry.put_image("team/app", CONFIG)
    bench.registry.blobs = dict.fromkeys(bench.registry.blobs, b"{}")

    with pytest.raises(NotARegistry, match="another image configuration"):
        bench.client().platforms(bench.reference())


def test_a_config_that_is_gone_leaves_the_platform_open(bench: Bench) -> None:
    bench.registry.put_image("team/app", CONFIG)
    bench.registry.blobs.clear()

    assert bench.client().platforms(bench.reference()) is None


@pytest.mark.parametrize(("status", "error"), [(403, AuthError), (404, NotFound)])
def test_a_refusal_is_the_same_error_as_of_a_check(
    bench: Bench, status: int, error: type[Exception]
) -> None:
    bench.registry.behaviour.status = status

    with pytest.raises(error, match="team/app:latest"):
        bench.client().platforms(bench.reference())


def test_a_page_is_no_manifest(bench: Bench) -> None:
    bench.registry.behaviour.garbage = b"<html>Sign in</html>"

    with pytest.raises(NotARegistry, match="not an image manifest"):
        bench.client().platforms(bench.reference())
