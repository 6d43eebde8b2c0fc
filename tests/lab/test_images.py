"""Images from nothing."""

import pytest

from tests.lab.images import ImageSpec, build
from tests.lab.missing import missing


def test_the_same_spec_is_the_same_image_and_a_version_another() -> None:
    if why := missing("registry"):
        pytest.skip(why)
    first, again, second = (build(ImageSpec(version=version)) for version in ("1", "1", "2"))
    assert first.manifest.digest == again.manifest.digest
    assert first.image_id != second.image_id
    assert first.blobs[1].digest == second.blobs[1].digest, "they share the base layer"
