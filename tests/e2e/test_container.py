"""A container's page in the browser: what is in its way, what an update changes, and the update."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]
WEB = "/hosts/1/containers/web/"


def test_an_update_is_looked_at_held_back_and_made_from_the_page(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(site.url + WEB)
    expect(page.get_by_role("heading", name="What is in its way")).to_be_visible()
    expect(page.get_by_text("No schedule updates it")).to_be_visible()

    page.get_by_role("link", name="Hold").click()
    page.get_by_label("Why").fill("Wait for the weekend")
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("It is held. Wait for the weekend. By admin.")).to_be_visible()
    expect(page.get_by_role("link", name="Update…")).to_have_count(0)
    page.get_by_role("button", name="Release").click()

    page.get_by_role("link", name="Update…").click()
    page.get_by_role("button", name="Compare the two images").click()
    expect(page.locator("#contents")).to_contain_text("layers is new")
    expect(page.locator("#contents").get_by_role("row").nth(2)).to_have_text("Version12")
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    assert site.platform.version_in("web") == "2"

    page.goto(site.url + WEB)
    entry = page.locator(".timeline > li").first
    expect(entry).to_contain_text("Updated")
    expect(entry).to_contain_text("by page, admin ·")
    expect(page.get_by_role("link", name="Go back to version 1")).to_be_visible()


def test_without_scripts_the_images_are_compared_too(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(scripts=False)
    page.goto(f"{site.url}/hosts/1/containers/api/update/")
    page.get_by_role("button", name="Compare the two images").click()
    expect(page.locator("#contents")).to_contain_text("layers is new")
    expect(page.get_by_role("button", name="Update now")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_sheets_fit_and_keep_to_the_content_security_policy(
    width: int, scheme: str, site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width, scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("update/", "hold/", "skip/"):
        page.goto(f"{site.url}/hosts/1/containers/api/{path}")
        page.wait_for_load_state("networkidle")
        assert complaints == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
