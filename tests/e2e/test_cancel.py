"""A run cancelled in a browser, while it goes on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_the_button_ends_a_run_after_the_container_at_hand(
    site: Site, open_page: Callable[..., Page]
) -> None:
    site.installation.manage("settings", "--host", "nas", "--set", "gate-seconds=8")
    page = open_page(390)
    page.goto(f"{site.url}/containers/")
    for name in ("api", "web"):
        page.get_by_label(f"Select {name} on nas").check()
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.get_by_role("heading", name="Update 2 containers?")).to_be_visible()
    page.get_by_role("button", name="Update", exact=True).click()
    rows = page.locator("#run tbody tr")
    expect(rows.filter(has_text="api")).to_contain_text("gate", timeout=60_000)

    page.get_by_role("button", name="Cancel").click()
    state = page.locator("#run h1 .badge")
    expect(state).to_have_text("Cancelling…")
    expect(page.get_by_role("status")).to_contain_text("Cancelled by admin.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(state).to_have_text("Cancelled", timeout=60_000)

    expect(rows.filter(has_text="api")).to_contain_text("Updated")
    expect(rows.filter(has_text="web")).to_contain_text("Cancelled by admin before its turn.")
    assert "every " not in page.locator("#run").evaluate("node => node.outerHTML")
    assert [site.platform.version_in(name) for name in ("api", "web")] == ["2", "1"]


def test_a_run_is_cancelled_without_scripts_too(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(scripts=False)
    page.get_by_role("button", name="Update web on nas").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Cancelled", timeout=60_000)
