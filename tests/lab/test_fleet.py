"""The fleet of the demo, as the engine and the registry see it."""

import contextlib
import time

import pytest
import requests

from tests.lab.dockerd import Dockerd
from tests.lab.fleet import LOCAL_CONTAINER, SERVICES, create_fleet
from tests.lab.images import MANIFEST
from tests.lab.registry import Registry


@pytest.mark.slow
def test_half_of_the_fleet_is_stale(lab_engine: Dockerd, lab_registry: Registry) -> None:
    fleet = create_fleet(lab_engine, lab_registry)
    with contextlib.closing(lab_engine.api()) as api:
        listed = {one["Names"][0].lstrip("/"): one for one in api.containers()}
        assert set(listed) == set(fleet.names), "all of them run"
        stale = set()
        for service in SERVICES:
            image = api.inspect_image(f"{lab_registry.address}/{service.repository}:1")
            if image["RepoDigests"] != [remote(lab_registry, service.repository)]:
                stale.add(service.container)
        assert stale == set(fleet.stale)
        assert len(stale) * 2 == len(listed)
        assert api.inspect_image(listed[LOCAL_CONTAINER]["ImageID"])["RepoDigests"] == []
        began = time.monotonic()
        api.stop("shop-web-1", timeout=10)
        assert time.monotonic() - began < 5, "it ends on SIGTERM"


def remote(registry: Registry, repository: str) -> str:
    url = f"{registry.base_url}/v2/{repository}/manifests/1"
    answer = requests.head(url, headers={"Accept": MANIFEST}, timeout=5)
    return f"{registry.address}/{repository}@{answer.headers['Docker-Content-Digest']}"
