"""What is in two images: asked once, kept by digest, without secrets."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.registry import FakeRegistry
from tests.views import rows
from updates.models import Container, Host, ImageConfig, Registry, RemoteDigest
from updates.runs.contents import known_pair, platform_of, read_pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        Registry.objects.create(domain=fake.address, plain_http=True)
        yield fake


@pytest.fixture
def web(registry: FakeRegistry, host: Host) -> Container:
    host.engine_info = {"os": "linux", "arch": "amd64"}
    host.save()
    return rows.container(
        host,
        "web",
        image=f"{registry.address}/web:1",
        local_digest=put(registry, "1", Env=["VERSION=1", "DB_PASSWORD=hunter22"]),
        remote_digest=put(registry, "2", Env=["VERSION=2", "DB_PASSWORD=hunter23"]),
    )


def put(registry: FakeRegistry, tag: str, **config: Any) -> str:
    document = {"os": "linux", "architecture": "amd64", "config": config}
    return registry.put_image("web", json.dumps(document).encode(), tag)


def test_both_are_read_and_asked_for_once(registry: FakeRegistry, web: Container) -> None:
    assert known_pair(web).old is None
    found = read_pair(web)
    assert found.old is not None
    assert found.new is not None
    assert found.new.config["Env"][0] == "VERSION=2"
    registry.forget()
    assert read_pair(web) == found == known_pair(web)
    assert not registry.seen
    assert platform_of(web.host) == ImageConfig.objects.first().platform == "linux/amd64"  # type: ignore[union-attr]


def test_what_looks_like_a_secret_is_not_kept(registry: FakeRegistry, web: Container) -> None:
    read_pair(web)
    kept = json.dumps(list(ImageConfig.objects.values_list("contents", flat=True)))
    assert "DB_PASSWORD" in kept
    assert "hunter2" not in kept


def test_a_refusal_is_told_for_the_image_that_it_is_about(
    registry: FakeRegistry, web: Container
) -> None:
    del registry.manifests["web", web.local_digest]
    found = read_pair(web)
    assert found.old is None
    assert found.new is not None
    assert found.errors.keys() == {web.local_digest}
    assert not ImageConfig.objects.filter(digest=web.local_digest).exists()


def test_a_rate_limit_is_heeded_and_told_to_everybody(
    registry: FakeRegistry, web: Container
) -> None:
    registry.behaviour.status = 429
    registry.behaviour.headers = {"Retry-After": "3600"}
    found = read_pair(web)
    assert all("allows no more requests" in one for one in found.errors.values())
    assert Registry.objects.get().is_paused
    registry.forget()
    read_pair(web)
    assert not registry.seen


def test_one_without_digests_asks_nobody(registry: FakeRegistry, web: Container) -> None:
    web.local_digest = web.remote_digest = ""
    read_pair(web)
    assert not registry.seen
    assert not RemoteDigest.objects.exists()
