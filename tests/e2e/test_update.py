"""The main job, in a browser: see what is stale, press Update, watch it, read the report."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.look import Look

REMEMBER_STATES = """
    const look = () => {
        const state = document.querySelector("#run h1 .badge")?.textContent;
        if (state && state !== window.states.at(-1)) window.states.push(state);
    };
    window.states = [];
    look();
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
"""

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_a_stale_container_is_updated_while_the_page_moves(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    waiting = page.locator("section", has_text="Updates waiting")
    expect(waiting.get_by_role("link", name="web on nas")).to_be_visible()
    assert site.platform.version_in("web") == "1"

    page.get_by_role("button", name="Update web on nas").click()
    page.wait_for_url("**/runs/*/")
    # A page that is loaded anew loses what was put on it.
    page.evaluate(REMEMBER_STATES)
    state = page.locator("#run h1 .badge")
    expect(state).to_have_text("Finished", timeout=60_000)
    states = page.evaluate("window.states")
    assert states in (["Queued", "Running", "Finished"], ["Running", "Finished"])

    row = page.locator("#run tbody tr", has_text="web")
    expect(row).to_contain_text("Updated")
    expect(page.locator("#run [hx-trigger^=every]")).to_have_count(0)
    assert "every " not in page.locator("#run").evaluate("node => node.outerHTML")
    assert site.platform.version_in("web") == "2"

    page.reload()
    expect(page.locator("#run tbody tr", has_text="web")).to_contain_text("Updated")
    page.goto(f"{site.url}/")
    expect(page.get_by_role("button", name="Update api on nas")).to_be_visible()
    expect(page.get_by_role("button", name="Update web on nas")).to_have_count(0)


def test_it_all_works_without_scripts(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(scripts=False)
    page.goto(f"{site.url}/containers/?q=api")
    expect(page.get_by_label("Select all on this page")).to_be_hidden()
    expect(page.get_by_role("button", name="Update", exact=True)).to_be_hidden()
    page.get_by_label("Select api on nas").check()
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.get_by_role("heading", name="Update 1 container?")).to_be_visible()
    page.get_by_role("button", name="Update", exact=True).click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    expect(page.locator("#run tbody tr")).to_have_count(1)
    expect(page.locator("#run tbody tr")).to_contain_text("Updated")
    assert site.platform.version_in("api") == "2"


def test_boxes_are_counted_and_ticked_together(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/")
    counted = page.locator("[data-selected]")
    expect(counted).to_have_text("Nothing selected")
    page.get_by_label("Select all on this page").check()
    expect(counted).to_have_text("3 of 3 selected")
    page.get_by_label("Select db on nas").uncheck()
    expect(counted).to_have_text("2 of 3 selected")
    expect(page.get_by_label("Select all on this page")).not_to_be_checked()


def test_search_narrows_the_list_as_one_types(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    page.get_by_label("Search").press_sequentially("db")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert "q=db" in page.url
    page.get_by_label("Select db on nas").focus()
    page.goto(f"{site.url}/runs/")
    page.go_back()
    expect(page.get_by_role("heading", name="Containers")).to_be_visible()


def test_a_session_that_ended_shows_the_sign_in_and_not_a_page_in_a_page(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/")
    page.context.clear_cookies()
    page.get_by_label("Search").press_sequentially("db")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", name="Containers")).to_be_hidden()
    assert "/login/?next=/containers/" in page.url


PAGES = [
    "/",
    "/welcome/",
    "/containers/",
    "/containers/?q=zzz",
    "/hosts/1/",
    "/runs/",
    "/runs/1/",
    "/registries/",
    "/registries/1/",
    "/registries/1/change/",
    "/registries/1/delete/",
    "/registries/add/",
    "/registries/import/",
    "/tokens/",
    "/tokens/flush/?all=1",
    "/api-tokens/",
    "/api-tokens/add/",
    "/schedules/",
    "/schedules/add/",
    "/notifications/",
    "/notifications/add/",
    "/settings/",
    "/hosts/1/settings/",
    "/jump/?q=web",
    "/preferences/",
    "/shortcuts/",
    "/api/v1/docs",
    "/admin/",
    "/admin/updates/host/",
    "/admin/updates/host/1/change/",
    "/admin/updates/registry/add/",
    "/admin/updates/container/",
    "/admin/updates/runevent/",
]


def test_a_first_visit_is_small(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page()
    network = page.context.new_cdp_session(page)
    received: list[int] = []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    page.goto(f"{site.url}/containers/")
    page.wait_for_load_state("networkidle")
    assert len(received) > 4, "the page, its style and its scripts"
    assert sum(received) < 300_000


# German words are the longest ones: they have to fit a phone.
@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(390, "light", "de-DE"), (1280, "dark", "en-GB")]
)
def test_every_page_fits_and_keeps_to_the_content_security_policy(
    width: int, scheme: str, locale: str, site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width, scheme, locale=locale)
    look = Look(page, site.url)
    assert [one for path in PAGES for one in look.at(path)] == []
