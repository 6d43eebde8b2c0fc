"""The main job, in a browser: see what is stale, press Update, watch it, read the report."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.e2e.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_a_stale_container_is_updated_while_the_page_moves(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    waiting = page.locator("section", has_text="Updates waiting")
    expect(waiting.get_by_text("web", exact=True)).to_be_visible()
    assert site.platform.version_in("web") == "1"

    page.get_by_role("button", name="Update web on nas").click()
    page.wait_for_url("**/runs/*/")
    # A page that is loaded anew loses what was put on it.
    page.evaluate("window.isTheSamePage = true")
    state = page.locator("#run h1 .badge")
    expect(state).to_have_text("Finished", timeout=60_000)
    assert page.evaluate("window.isTheSamePage") is True

    row = page.locator("#run tbody tr", has_text="web")
    expect(row).to_contain_text("Updated")
    expect(page.locator("#run [hx-get]")).to_have_count(0)
    assert "hx-get" not in page.locator("#run").evaluate("node => node.outerHTML")
    assert site.platform.version_in("web") == "2"

    page.reload()
    expect(page.locator("#run tbody tr", has_text="web")).to_contain_text("Updated")
    page.goto(f"{site.url}/")
    expect(page.get_by_text("up to date")).to_be_visible()


PAGES = ["/", "/containers/", "/hosts/1/", "/runs/", "/runs/1/", "/admin/", "/admin/updates/host/"]


def test_every_page_fits_a_phone_and_keeps_to_the_content_security_policy(
    site: Site, open_page: Callable[..., Page]
) -> None:
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = open_page(width, scheme)
        messages: list[ConsoleMessage] = []
        page.on("console", messages.append)
        for path in PAGES:
            page.goto(site.url + path)
            page.wait_for_load_state("networkidle")
            assert [message.text for message in messages] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_search_narrows_the_list_as_one_types(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/")
    expect(page.locator("#list tbody tr")).to_have_count(2)
    page.get_by_label("Search").press_sequentially("db")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert "q=db" in page.url
