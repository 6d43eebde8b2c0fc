"""Pulls for a platform, against real engines of both generations and a real registry."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.engine.bench import Bench
from tests.engine.platforms import push_index
from tests.lab.registry import Registry
from updates.engine import errors

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]
FOREIGN = "linux/s390x"


@pytest.fixture(params=["lab_engine", "lab_engine_newer"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    engine = request.getfixturevalue(request.param)
    with closing(Bench(engine.url)) as made:
        yield made


@pytest.fixture
def own(bench: Bench) -> str:
    return bench.engine.info.platform


def pull(bench: Bench, name: str, platform: str = "") -> str:
    return bench.engine.pull(
        name, tag="1", auth=None, on_progress=lambda _: None, deadline_s=60, platform=platform
    )


def test_the_platform_that_is_asked_for_is_pulled_under_the_digest_of_the_index(
    bench: Bench, own: str, lab_registry: Registry
) -> None:
    pushed = push_index(lab_registry, "platform/both", "1", "1", own, FOREIGN)
    name = f"{lab_registry.address}/platform/both"
    for platform, expected in [("", own), (FOREIGN, FOREIGN), (own, own)]:
        assert pull(bench, name, platform) == pushed.digest
        image = bench.engine.inspect_image(f"{name}:1")
        assert image["Id"] == pushed.image_ids[expected]
        assert f"{image['Os']}/{image['Architecture']}" == expected


def test_an_index_without_the_engines_platform_is_not_pulled(
    bench: Bench, lab_registry: Registry
) -> None:
    push_index(lab_registry, "platform/foreign", "1", "1", FOREIGN)
    name = f"{lab_registry.address}/platform/foreign"
    with pytest.raises(errors.PullFailed, match="no matching manifest"):
        pull(bench, name)
    assert pull(bench, name, FOREIGN)


def test_an_engine_says_its_platform_as_registries_do(bench: Bench, own: str) -> None:
    image: dict[str, Any] = bench.engine.inspect_image(bench.old)
    assert own == f"{image['Os']}/{image['Architecture']}"
