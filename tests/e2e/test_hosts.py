"""Hosts, in a browser: one is added, tested, changed and deleted, on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_host_is_added_tested_changed_and_deleted(
    site: Site, open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    page = open_page(width, scheme)
    page.goto(f"{site.url}/hosts/")
    page.get_by_role("link", name="Add a host").click()
    _is_checked_as_one_leaves(page)
    page.get_by_label("Address").fill(site.platform.engine.url)
    page.get_by_role("button", name="Test first").click()
    expect(page.locator("#tried .steps > li")).to_have_count(4)
    expect(page.locator("#tried")).to_contain_text(re.compile(r"Docker \d+\."))
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("attic")
    page.evaluate("window.isTheSamePage = true")
    page.get_by_label("More for").click()
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#test .steps > li").last).to_contain_text("container")
    assert page.evaluate("window.isTheSamePage")
    _fits(page, width)

    page.get_by_label("More for").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Address").fill("unix:///nowhere.sock")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("More for").click()
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#test .steps > li").first).to_contain_text("there is no such socket")

    page.goto(f"{site.url}/hosts/")
    expect(page.locator("tbody tr", has_text="attic")).to_contain_text("Unreachable")
    _fits(page, width)
    page.get_by_role("link", name="attic").click()
    page.get_by_label("More for").click()
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("its containers run on")).to_be_visible()
    page.get_by_role("button", name="Delete attic").click()
    expect(page.get_by_role("status")).to_contain_text("attic was deleted.")
    expect(page.get_by_role("link", name="attic")).to_have_count(0)
    _is_in_the_trail(page, site, width)


def test_without_scripts_a_host_is_added_and_tested(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(scripts=False)
    page.goto(f"{site.url}/hosts/add/")
    page.get_by_label("Name").fill("cellar")
    page.get_by_label("Address").fill("nonsense")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#id_url_error")).to_contain_text("starts with unix://")
    page.get_by_label("Address").fill(site.platform.engine.url)
    page.get_by_role("button", name="Test first").click()
    expect(page.locator("#tried .steps > li")).to_have_count(4)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("More for").click()
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#test .steps > li")).to_have_count(4)
    page.get_by_label("More for").click()
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("every run leaves it out")).to_be_visible()


def _is_checked_as_one_leaves(page: Page) -> None:
    page.get_by_label("Name").fill("two words")
    page.get_by_label("Address").focus()
    expect(page.locator("#id_name_error")).to_contain_text("Enter a valid")
    expect(page.get_by_label("Address")).to_be_focused()
    page.get_by_label("Name").fill("attic")
    page.get_by_label("Address").fill("ftp://attic")
    page.get_by_label("Queue").focus()
    expect(page.locator("#id_url_error")).to_contain_text("starts with unix://")
    expect(page.locator("#id_name_error")).to_have_count(0)


def _is_in_the_trail(page: Page, site: Site, width: int) -> None:
    page.goto(f"{site.url}/audit/?person=admin&kind=deleted")
    expect(page.locator("tbody tr").first).to_contain_text("host attic")
    _fits(page, width)


def _fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
