"""Images for several platforms, as skopeo makes them, from registry to engine to verdict."""

from pathlib import Path
from platform import machine
from typing import Literal

import pytest

from tests.lab.fixtures import need
from tests.lab.images import ARCHITECTURES
from tests.lab.registry import Registry as LabRegistry
from tests.lab.skopeo import Layout, digest_by_skopeo
from tests.runs.stage import Stage, result
from updates.registry.client import RegistryClient
from updates.registry.config import RegistryConfig
from updates.registry.reference import Reference
from updates.registry.tokens import MemoryTokenStore

HERE = f"linux/{ARCHITECTURES.get(machine(), machine())}"
OTHERS = ("linux/arm/v7", "linux/s390x")
FORMS = ("oci", "v2s2")
pytestmark = pytest.mark.lab


def layout(folder: Path, version: str, *platforms: str) -> Layout:
    made = Layout(folder / version)
    made.write(version, *platforms)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_digest_and_platforms_are_what_skopeo_says(
    form: Literal["oci", "v2s2"], lab_registry: LabRegistry, tmp_path: Path
) -> None:
    need("skopeo")
    layout(tmp_path, "1", HERE, *OTHERS).copy_to(lab_registry, f"skopeo/{form}", form=form)
    config = RegistryConfig(lab_registry.address, plain_http=True)
    client = RegistryClient(config, tokens=MemoryTokenStore(lambda: 0.0))

    found = client.resolve(Reference.parse(f"{lab_registry.address}/skopeo/{form}:1"))
    pinned = Reference.parse(f"{lab_registry.address}/skopeo/{form}@{found.digest}")
    platforms = client.platforms(pinned)
    client.close()

    assert found.digest == digest_by_skopeo(lab_registry, f"skopeo/{form}")
    assert "index" in found.media_type or "manifest.list" in found.media_type
    assert {str(one) for one in platforms or ()} == {HERE, *OTHERS}


@pytest.mark.parametrize("form", FORMS)
def test_the_index_decides_and_another_platforms_change_is_no_update(
    form: Literal["oci", "v2s2"], stage: Stage, lab_registry: LabRegistry, tmp_path: Path
) -> None:
    need("skopeo")
    stage.trust(lab_registry)
    repository = f"skopeo/run-{form}"
    layout(tmp_path, "1", HERE, "linux/s390x").copy_to(lab_registry, repository, form=form)
    stage.api.pull(f"{lab_registry.address}/{repository}", tag="1")
    stage.create(f"{lab_registry.address}/{repository}:1", "app")
    before = stage.inspect("app")["Id"]
    assert result(stage.scan(), "app")["state"] == "fresh"

    # The same image for this platform, below an index that has one more.
    layout(tmp_path / "more", "1", HERE, "linux/s390x", "linux/arm/v7").copy_to(
        lab_registry, repository, form=form
    )
    assert result(stage.scan(), "app")["state"] == "stale"
    settled = result(stage.update(), "app")
    assert (settled["state"], stage.inspect("app")["Id"]) == ("fresh", before)
    assert result(stage.scan(), "app")["state"] == "fresh", "it is not pulled again"

    layout(tmp_path, "2", HERE, "linux/s390x").copy_to(lab_registry, repository, form=form)
    updated = result(stage.update(), "app")
    assert updated["state"] == "updated", updated
    assert stage.version_in("app") == "2"
