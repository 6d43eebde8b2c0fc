"""A run in a browser: followed to its end, read, taken along, compared with another."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

SEEN = """
    const look = () => {
        document.querySelectorAll("#live .course [aria-current=step]").forEach((step) => {
            if (!window.seen.includes(step.textContent)) window.seen.push(step.textContent);
        });
        window.counted ||= Boolean(document.querySelector("#live [data-until]"));
    };
    window.seen = [];
    look();
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
"""

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_an_update_is_followed_to_its_end_and_taken_along(
    site: Site, open_page: Callable[..., Page]
) -> None:
    site.installation.manage("settings", "--host", "nas", "--set", "gate-seconds=5")
    page = open_page(390)
    page.goto(f"{site.url}/containers/")
    for name in ("api", "web"):
        page.get_by_label(f"Select {name} on nas").check()
    for _ in ("asked for", "confirmed"):
        page.get_by_role("button", name="Update", exact=True).click()
    page.wait_for_url("**/runs/*/")
    page.evaluate(SEEN)
    expect(page.locator("#plan")).to_contain_text("Wave 1", timeout=60_000)
    expect(page.locator("#live .far")).to_contain_text("of 2 containers done", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=90_000)
    assert "gate" in page.evaluate("window.seen")
    assert page.evaluate("window.counted"), "the gate's seconds were there"
    row = page.locator("#results tbody tr", has_text="web")
    expect(row).to_contain_text("Updated")
    expect(row).to_contain_text("down ")
    expect(page.locator("#run [hx-get*=live], #results[hx-get]")).to_have_count(0)

    page.goto(f"{page.url}?q=ap")
    page.get_by_label("Search").fill("api")
    page.wait_for_url("**q=api*")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    _is_complete_on_paper(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with Path(download.value.path()).open(newline="") as file:
        found = {line["name"]: line["state"] for line in csv.DictReader(file)}
    assert found == {"api": "updated", "web": "updated"}


def test_two_runs_are_ticked_and_compared(site: Site, open_page: Callable[..., Page]) -> None:
    site.installation.manage("scan")
    page = open_page(scripts=False)
    page.goto(f"{site.url}/runs/?kind=scan")
    for box in page.get_by_label("Compare Scan").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare two").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(" and ")
    row = page.locator("tbody tr", has_text="web")
    expect(row).to_contain_text("state")
    expect(row).to_contain_text("Update available")
    expect(row).to_contain_text("Up to date")


def _is_complete_on_paper(page: Page) -> None:
    """No menu, no button, and everything unfolded; then folded again as it was."""
    page.reload()
    expect(page.locator("#plan[open]")).to_have_count(0)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for gone in ("header.bar", ".menu", ".actions", ".filters"):
        expect(page.locator(gone).first).to_be_hidden()
    for there in (".events", ".waves", "#results tbody tr"):
        expect(page.locator(there).first).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#plan[open]")).to_have_count(0)
    page.emulate_media(media="screen")
