"""From an answer to a descriptor, trusting the bytes more than the headers."""

import hashlib
import json

import pytest
from requests.structures import CaseInsensitiveDict

from updates.registry.errors import NotARegistry
from updates.registry.manifest import (
    ACCEPT,
    Descriptor,
    from_body,
    from_headers,
    read_manifest,
    sendable_etag,
    unchanged,
)
from updates.registry.messages import Answer

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"
BODY = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX}).encode()
SHA256 = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
SHA512 = f"sha512:{hashlib.sha512(BODY).hexdigest()}"
OTHER = f"sha256:{'0' * 64}"


def answer(body: bytes = BODY, /, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(200, "https://lab/v2/x/manifests/1", CaseInsensitiveDict(named), (), body)


def test_all_five_kinds_of_manifest_are_asked_for() -> None:
    assert len(ACCEPT.split(", ")) == len(set(ACCEPT.split(", "))) == 5
    assert ACCEPT.endswith(SIGNED)


def test_headers_are_enough_for_a_descriptor() -> None:
    given = answer(
        Docker_Content_Digest=SHA256, Content_Type=f"{OCI_INDEX}; charset=utf-8", Content_Length="7"
    )

    assert from_headers(given) == Descriptor(OCI_INDEX, SHA256, 7)


@pytest.mark.parametrize("digest", ["", "latest", "sha256:short", f"{SHA256}0", "md5:" + "0" * 32])
def test_a_header_without_a_whole_digest_says_nothing(digest: str) -> None:
    assert from_headers(answer(Docker_Content_Digest=digest)) is None


def test_a_rubbish_length_is_no_size() -> None:
    descriptor = from_headers(answer(Docker_Content_Digest=SHA256, Content_Length="-1"))

    assert descriptor is not None
    assert descriptor.size == 0


@pytest.mark.parametrize("headers", [{}, {"Docker_Content_Digest": SHA256}])
def test_the_digest_is_that_of_the_exact_bytes(headers: dict[str, str]) -> None:
    descriptor = from_body(answer(Content_Type=OCI_INDEX, **headers))

    assert descriptor == Descriptor(OCI_INDEX, SHA256, len(BODY))


def test_another_algorithm_is_computed_as_promised() -> None:
    assert from_body(answer(Docker_Content_Digest=SHA512)).digest == SHA512


def test_without_a_content_type_the_manifest_names_its_own() -> None:
    assert from_body(answer(Content_Type="application/json")).media_type == OCI_INDEX


def test_a_digest_that_does_not_match_the_bytes_is_a_lie() -> None:
    with pytest.raises(NotARegistry, match="lab sends a manifest that does not match"):
        from_body(answer(Docker_Content_Digest=OTHER))


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"schemaVersion": "2"}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_manifest_is_refused(body: bytes) -> None:
    with pytest.raises(NotARegistry, match="not an image manifest"):
        from_body(answer(body))


def test_a_signed_manifest_has_the_digest_its_registry_names() -> None:
    """It is computed without the signatures, so the bytes would give another one."""
    given = answer(Content_Type=SIGNED, Docker_Content_Digest=OTHER)

    assert from_body(given).digest == OTHER


def test_a_signed_manifest_without_its_digest_is_refused() -> None:
    with pytest.raises(NotARegistry, match="ancient signed manifest"):
        from_body(answer(Content_Type=SIGNED))


def test_the_etag_is_kept_with_the_descriptor() -> None:
    given = {"Docker_Content_Digest": SHA256, "ETag": f'"{SHA256}"'}
    descriptor = from_headers(answer(**given))

    assert descriptor is not None
    assert descriptor.etag == f'"{SHA256}"'
    assert from_body(answer(**given)).etag == f'"{SHA256}"'


@pytest.mark.parametrize("etag", ['"1"', 'W/"1"', f'"{SHA512}"', '"' + "x" * 200 + '"'])
def test_an_etag_can_be_sent(etag: str) -> None:
    assert sendable_etag(etag) == etag


@pytest.mark.parametrize(
    "etag",
    [
        "",
        "*",
        "1",
        '""',
        '"1", "2"',
        '"a\r\nX: y"',
        '"a\x00b"',
        '"café"',
        'w/"1"',
        '"1"\n',
        '"' + "x" * 201 + '"',
    ],
)
def test_what_is_no_etag_is_never_sent(etag: str) -> None:
    assert sendable_etag(etag) == ""


def test_an_unchanged_answer_gives_back_what_is_known() -> None:
    known = Descriptor(OCI_INDEX, SHA256, 7, '"1"')

    assert unchanged(answer(b""), known) is known
    assert unchanged(answer(b"", Docker_Content_Digest=SHA256), known) is known


def test_an_unchanged_answer_that_names_another_digest_is_a_lie() -> None:
    with pytest.raises(NotARegistry, match="nothing has changed, and names another digest"):
        unchanged(answer(b"", Docker_Content_Digest=OTHER), Descriptor(OCI_INDEX, SHA256, 7))


@pytest.mark.parametrize("media_type", ["a\x00b", "x" * 201, "\ud800", 5, None])
def test_a_media_type_that_cannot_be_kept_is_left_out(media_type: object) -> None:
    body = json.dumps({"schemaVersion": 2, "mediaType": media_type}).encode()

    assert from_body(answer(body)).media_type == ""


@pytest.mark.parametrize(
    ("media_type", "document", "is_index"),
    [
        (OCI_INDEX, {}, True),
        ("application/vnd.docker.distribution.manifest.list.v2+json", {}, True),
        ("application/vnd.oci.image.manifest.v1+json", {"manifests": []}, False),
        ("application/json", {"manifests": []}, True),
        ("application/json", {"config": {}}, False),
    ],
)
def test_an_index_is_told_by_its_type_or_its_shape(
    media_type: str, document: dict[str, object], is_index: bool
) -> None:
    body = json.dumps({"schemaVersion": 2, **document}).encode()

    assert read_manifest(answer(body, Content_Type=media_type)).is_index is is_index
