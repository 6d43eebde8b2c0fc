"""Which addresses an image's labels lead to, and which they do not."""

import pytest

from updates.flow.links import Link, links_of, web_address
from updates.registry.reference import Reference

OCI = "org.opencontainers.image."
GITHUB = "https://github.com/shop/web"


def addresses(labels: dict[str, str], image: str = "registry.example.com/web:1") -> list[str]:
    return [link.url for link in links_of(labels, Reference.parse(image))]


@pytest.mark.parametrize(
    ("source", "version", "notes"),
    [
        (GITHUB, "v1.2.3", f"{GITHUB}/releases/tag/v1.2.3"),
        (f"{GITHUB}.git", "1.2", f"{GITHUB}/releases/tag/1.2"),
        (f"{GITHUB}/tree/main/docker", "1.2", f"{GITHUB}/releases/tag/1.2"),
        (f"{GITHUB}/", "1.2+b", f"{GITHUB}/releases/tag/1.2%2Bb"),
        ("https://gitlab.com/shop/web", "2", "https://gitlab.com/shop/web/-/releases/2"),
        (GITHUB, "main", ""),
        (GITHUB, "1.0/../../x", ""),
        ("https://github.com/shop", "1", ""),
        ("https://example.com/shop/web", "1", ""),
        ("https://github.com.evil.example/shop/web", "1", ""),
    ],
)
def test_source_and_version_lead_to_the_release_notes(
    source: str, version: str, notes: str
) -> None:
    found = addresses({f"{OCI}source": source, f"{OCI}version": version})
    assert found == [source, *([notes] if notes else [])]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/x",
        "//example.com/x",
        "https://",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://[::1/",
        "https://example.com/\nx",
        "https://example.com/a b",
        "https://example.com/" + "x" * 500,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_left_out(text: str) -> None:
    assert web_address(text) == ""
    assert addresses({f"{OCI}url": text}) == []


def test_old_labels_count_where_there_are_no_new_ones() -> None:
    labels = {"org.label-schema.vcs-url": GITHUB, "org.label-schema.usage": f"{GITHUB}/wiki"}
    assert addresses(labels) == [GITHUB, f"{GITHUB}/wiki"]
    assert addresses(labels | {f"{OCI}source": "https://a.example/"})[0] == "https://a.example/"


@pytest.mark.parametrize(
    ("image", "page"),
    [
        ("nginx", "https://hub.docker.com/_/nginx"),
        ("shop/web:2", "https://hub.docker.com/r/shop/web"),
        ("ghcr.io/shop/web", "https://ghcr.io/shop/web"),
        ("quay.io/shop/web", "https://quay.io/repository/shop/web"),
    ],
)
def test_known_registries_have_a_page_for_it(image: str, page: str) -> None:
    assert addresses({}, image) == [page]


def test_each_address_is_named_once() -> None:
    found = links_of({f"{OCI}source": GITHUB, f"{OCI}url": GITHUB}, None)
    assert found == [Link("Source", GITHUB)]
