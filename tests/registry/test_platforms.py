"""Which platform fits which, and what an index or an image offers."""

import hashlib
import json
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from updates.registry.errors import NotARegistry, NotFound
from updates.registry.messages import Answer, Kind
from updates.registry.platforms import MAX_MANIFESTS, Platform, platforms_of

INDEX = "application/vnd.oci.image.index.v1+json"
IMAGE = "application/vnd.oci.image.manifest.v1+json"
SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
ATTESTATION = {"os": "unknown", "architecture": "unknown"}


class Shelf:
    """Documents by digest, fetched as from a registry; `fetched` counts them."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, bytes]] = {}
        self.fetched: list[Kind] = []

    def put(self, document: object, media_type: str = "") -> str:
        """Store a document; its digest."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        self.documents[digest] = (media_type, body)
        return digest

    def index(self, *entries: dict[str, Any]) -> str:
        return self.put({"schemaVersion": 2, "manifests": entries}, INDEX)

    def image(self, config: object) -> str:
        digest = self.put(config)
        return self.put({"schemaVersion": 2, "config": {"digest": digest}}, IMAGE)

    def fetch(self, kind: Kind, target: str) -> Answer:
        self.fetched.append(kind)
        if target not in self.documents:
            raise NotFound(f"lab has no {target}.")
        media_type, body = self.documents[target]
        headers = CaseInsensitiveDict({"Content-Type": media_type})
        return Answer(200, "https://lab/v2/x", headers, (), body)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def entry(digest: str = "", *, media_type: str = IMAGE, **platform: str) -> dict[str, Any]:
    named = {"platform": platform} if platform else {}
    return {"mediaType": media_type, "digest": digest or f"sha256:{'0' * 64}", **named}


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("linux/amd64", AMD64),
        (" Linux/AMD64 ", AMD64),
        ("linux/arm64/v8", Platform("linux", "arm64", "v8")),
        ("linux/arm/v7", Platform("linux", "arm", "v7")),
        ("windows/amd64", Platform("windows", "amd64")),
    ],
)
def test_a_platform_is_read_and_written(text: str, platform: Platform) -> None:
    assert Platform.parse(text) == platform
    assert str(platform) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    ["", "linux", "/", "linux/", "/amd64", "a/b/c/d", "linux/a b", "linux/\n", "x/" + "y" * 99],
)
def test_what_is_no_platform_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a platform"):
        Platform.parse(text)


@pytest.mark.parametrize(
    ("offered", "wanted", "fits"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/amd64", "linux/arm64", False),
        ("linux/amd64", "windows/amd64", False),
        ("linux/386", "linux/amd64", False),
        ("linux/arm", "linux/arm64", False),
        ("linux/arm64", "linux/arm64/v8", True),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm64/8", "linux/arm64", True),
        ("linux/arm64/v9", "linux/arm64", False),
        ("linux/arm64/v8.1", "linux/arm64/v9", True),
        ("linux/arm/v6", "linux/arm/v7", True),
        ("linux/arm/v5", "linux/arm/v7", True),
        ("linux/arm/v7", "linux/arm/v7", True),
        ("linux/arm/v8", "linux/arm/v7", False),
        ("linux/arm/v7", "linux/arm/v6", False),
        ("linux/arm", "linux/arm/v6", True),
        ("linux/arm/v7", "linux/arm", True),
        ("linux/amd64/v3", "linux/amd64", False),
        ("linux/amd64", "linux/amd64/v3", True),
        ("linux/aarch64", "linux/arm64/v8", True),
        ("linux/x86_64", "linux/amd64", True),
        ("linux/ppc64le/power8", "linux/ppc64le/power9", False),
        ("linux/ppc64le/power8", "linux/ppc64le", True),
    ],
)
def test_an_image_fits_where_docker_would_run_it(offered: str, wanted: str, fits: bool) -> None:
    assert Platform.parse(offered).fits(Platform.parse(wanted)) is fits


def test_an_index_offers_its_entries_and_no_attestation(shelf: Shelf) -> None:
    index = shelf.index(
        entry(os="linux", architecture="amd64"),
        entry(os="linux", architecture="arm64", variant="v8"),
        entry(**ATTESTATION),
    )

    found = platforms_of(index, shelf.fetch)

    assert found == frozenset({AMD64, Platform("linux", "arm64", "v8")})
    assert shelf.fetched == [Kind.MANIFEST]


def test_a_nested_index_is_followed(shelf: Shelf) -> None:
    inner = shelf.index(entry(os="linux", architecture="arm64"))
    middle = shelf.index(entry(inner, media_type=INDEX, os="linux", architecture="s390x"))
    outer = shelf.index(entry(os="linux", architecture="amd64"), entry(middle, media_type=INDEX))

    assert platforms_of(outer, shelf.fetch) == frozenset({AMD64, ARM64})


def test_an_image_offers_the_platform_of_its_config(shelf: Shelf) -> None:
    image = shelf.image({"os": "linux", "architecture": "arm64", "rootfs": {}})

    assert platforms_of(image, shelf.fetch) == frozenset({ARM64})
    assert shelf.fetched == [Kind.MANIFEST, Kind.CONFIG]


def test_an_entry_without_a_platform_is_looked_into(shelf: Shelf) -> None:
    image = shelf.image({"os": "linux", "architecture": "arm64"})

    assert platforms_of(shelf.index(entry(image)), shelf.fetch) == frozenset({ARM64})


@pytest.mark.parametrize("config", [{}, {"os": "linux"}, [], b"\xff", b"[" * 100_000, {"os": 1}])
def test_a_config_that_names_no_platform_leaves_it_open(shelf: Shelf, config: object) -> None:
    image = shelf.image(config)

    assert platforms_of(image, shelf.fetch) is None
    assert platforms_of(shelf.index(entry(image), entry(**vars_of(AMD64))), shelf.fetch) is None


def vars_of(platform: Platform) -> dict[str, str]:
    return {"os": platform.os, "architecture": platform.architecture}


@pytest.mark.parametrize("config", [None, 5, {}, {"digest": "latest"}, {"digest": 5}])
def test_an_image_without_a_config_leaves_it_open(shelf: Shelf, config: object) -> None:
    image = shelf.put({"schemaVersion": 2, "config": config}, IMAGE)

    assert platforms_of(image, shelf.fetch) is None


def test_an_image_whose_config_is_gone_leaves_it_open(shelf: Shelf) -> None:
    image = shelf.image({"os": "linux", "architecture": "amd64"})
    del shelf.documents[next(iter(shelf.documents))]

    assert platforms_of(image, shelf.fetch) is None


def test_an_index_of_attestations_alone_offers_nothing(shelf: Shelf) -> None:
    assert platforms_of(shelf.index(entry(**ATTESTATION)), shelf.fetch) == frozenset()


@pytest.mark.parametrize(
    "manifests",
    [None, 5, "x", {}, [5], [None], [{"digest": "latest"}], [{"platform": 5}], [{"digest": 5}]],
)
def test_a_malformed_index_is_refused(shelf: Shelf, manifests: object) -> None:
    index = shelf.put({"schemaVersion": 2, "manifests": manifests}, INDEX)

    with pytest.raises(NotARegistry, match=r"^lab sends a malformed image index\.$"):
        platforms_of(index, shelf.fetch)


def test_indexes_that_nest_too_deep_are_refused(shelf: Shelf) -> None:
    index = shelf.index(entry(os="linux", architecture="amd64"))
    for _ in range(3):
        index = shelf.index(entry(index, media_type=INDEX))

    with pytest.raises(NotARegistry, match=r"^lab nests image indexes without end\.$"):
        platforms_of(index, shelf.fetch)
    assert len(shelf.fetched) == 3


def test_no_more_than_twenty_manifests_are_read(shelf: Shelf) -> None:
    inner = shelf.index(entry(os="linux", architecture="amd64"))
    index = shelf.index(*[entry(inner, media_type=INDEX)] * 100)

    with pytest.raises(NotARegistry, match="without end"):
        platforms_of(index, shelf.fetch)
    assert len(shelf.fetched) == MAX_MANIFESTS


@pytest.mark.parametrize("which", [0, 1])
def test_a_document_that_is_not_what_its_digest_names_is_refused(shelf: Shelf, which: int) -> None:
    image = shelf.image({"os": "linux", "architecture": "amd64"})
    digest = list(shelf.documents)[which]
    media_type, body = shelf.documents[digest]
    shelf.documents[digest] = (media_type, body + b" ")

    with pytest.raises(NotARegistry, match="than was asked for"):
        platforms_of(image, shelf.fetch)


def test_platform_names_that_are_none_are_not_believed(shelf: Shelf) -> None:
    image = shelf.image({"os": "linux\u0000", "architecture": "x" * 100})

    assert platforms_of(shelf.index(entry(image, os="<b>", architecture="é")), shelf.fetch) is None


def test_a_signed_manifest_tells_nothing_since_its_digest_cannot_be_verified() -> None:
    """Else a registry could say of another one's image that it is for another machine."""
    digest = f"sha256:{'a' * 64}"
    config = {"digest": f"sha256:{'b' * 64}"}
    body = json.dumps({"schemaVersion": 1, "config": config}).encode()
    headers = CaseInsensitiveDict({"Content-Type": SIGNED, "Docker-Content-Digest": digest})

    def fetch(kind: Kind, target: str) -> Answer:
        assert kind is Kind.MANIFEST
        return Answer(200, "https://lab/v2/x", headers, (), body)

    assert platforms_of(digest, fetch) is None
