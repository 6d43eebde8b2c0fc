"""Names and patterns of containers and images."""

import time

import pytest

from tests.flow.summaries import container
from updates.flow.names import fits_regex, is_named, is_of_image, matches, why_not_regex


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("web", "web", True),
        ("web", "web2", False),
        ("web", "my-web", False),
        ("web*", "web2", True),
        ("*", "anything", True),
        ("web?", "web2", True),
        ("web?", "web22", False),
        ("*-db", "shop-db", True),
        ("*-db", "shop-db-1", False),
        ("a.b", "axb", False),
        ("[a-z]", "a", False),
        ("", "web", False),
    ],
)
def test_wildcards_fit_whole_names_and_nothing_else_is_special(
    pattern: str, name: str, fits: bool
) -> None:
    assert matches(pattern, name) is fits


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("web", True),
        ("/web", True),
        ("w.b", True),
        ("/?w[a-e]b", True),
        ("^/web$", True),
        ("we", False),
        ("eb", False),
        ("web|db", True),
        ("(", False),
    ],
)
def test_a_regular_expression_fits_the_whole_name_with_or_without_slash(
    pattern: str, fits: bool
) -> None:
    assert is_named(container("web"), [pattern], as_regex=True) is fits


def test_what_is_no_regular_expression_is_a_plain_name_and_can_be_refused() -> None:
    assert fits_regex("a(b", ["a(b"])
    assert "'a(b' is not a regular expression" in why_not_regex("a(b")
    assert "at most 1000" in why_not_regex("a" * 1001)
    assert why_not_regex("a+") == ""


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+b", "(.*)*b", "(a*)*(a*)*(a*)*b"])
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    began = time.monotonic()
    assert not fits_regex(pattern, ["a" * 5000])
    assert time.monotonic() - began < 1


def test_many_wildcards_take_no_time() -> None:
    began = time.monotonic()
    assert not matches("*a" * 40 + "b", "a" * 500)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("image", "wanted", "fits"),
    [
        ("nginx:1", "nginx", True),
        ("nginx:1", "nginx:1", True),
        ("nginx:1", "nginx:2", False),
        ("nginx", "nginx:latest", False),
        ("nginx", "docker.io/library/nginx:latest", True),
        ("nginx:1", "docker.io/library/nginx", True),
        ("nginx:1", "ngin", False),
        ("nas:5000/web:1", "nas:5000/web", True),
        ("nas:5000/web:1", "nas:5000/web:1", True),
        ("nas:5000/web", "nas:5000/web", True),
        ("nas:5000/web:1", "nas", False),
        ("nas:5000/web:1", "nas:5000/*", True),
        ("nas:5000/web:1", "web", False),
    ],
)
def test_an_image_is_named_with_or_without_its_tag(image: str, wanted: str, fits: bool) -> None:
    assert is_of_image(container(image=image), [wanted], as_regex=False) is fits


def test_an_image_is_named_by_a_regular_expression() -> None:
    assert is_of_image(container(image="shop/web:1"), ["shop/.*:[0-9]"], as_regex=True)
    assert not is_of_image(container(image="shop/web:1"), ["shop"], as_regex=True)
