"""The list of all containers in a browser: searched, narrowed, its columns chosen, many held."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, image
from tests.lab.registry import Registry


def test_many_are_searched_narrowed_and_held_after_it_was_said_what_happens(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/")
    rows, filters = page.locator("#list tbody tr:not(.group)"), page.locator("#filters")
    expect(rows).to_have_count(3)
    filters.get_by_text("More filters").click()
    filters.get_by_label("Status").select_option("update_available")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Name", exact=True).click()
    filters.get_by_label("Group").select_option("host")
    expect(page.locator("tr.group")).to_contain_text("2 updates")
    assert "sort=" in page.url
    assert "status=update_available" in page.url
    page.get_by_label("Select those of nas").check()
    expect(page.locator("[data-selected]")).to_have_text("2 of 2 selected")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("heading", name="Hold 2 containers?")).to_be_visible()
    page.get_by_label("Why").fill("Holidays.")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("status").first).to_have_text(
        "2 containers are held. The next run goes by it."
    )
    assert "group=host" in page.url
    expect(page.locator("#list").get_by_text("Held", exact=True)).to_have_count(2)


def test_a_phone_without_scripts_can_do_it_too(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(390, "dark", scripts=False)
    page.goto(f"{site.url}/containers/")
    page.get_by_label("Search").fill("db")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_label("Select db on nas").check()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("heading", name="Nothing to release")).to_be_visible()
    expect(page.get_by_text("Nothing holds it.")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Search")).to_have_value("db")


def test_chosen_columns_stay_and_a_range_is_ticked_with_shift(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{site.url}/containers/?q=nas")
    page.get_by_text("Columns").first.click()
    page.locator("#columns").get_by_label("Image").uncheck()
    page.locator("#columns").get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Image")).to_have_count(0)
    assert "q=nas" in page.url
    page.goto(f"{site.url}/containers/")
    expect(page.get_by_role("columnheader", name="Image")).to_have_count(0)
    boxes = page.locator("input[name=container]")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-selected]")).to_have_text("3 of 3 selected")


def test_what_a_scan_finds_shows_by_itself_and_takes_nothing_from_who_is_at_work(
    site: Site, open_page: Callable[..., Page], lab_registry: Registry
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(f"{site.url}/containers/")
    row = page.locator("#list tbody tr", has=page.get_by_role("link", name="db", exact=True))
    expect(row).to_contain_text("Up to date")
    lab_registry.push("browser/db", "1", image("db", 3))
    site.installation.manage("scan", "db")
    page.clock.fast_forward(21_000)
    expect(row).to_contain_text("Update available")
    box = page.get_by_label("Select web on nas")
    box.check()
    table = page.locator("#list table").bounding_box()
    site.platform.api.stop("db", timeout=0)
    site.installation.manage("scan", "db")
    page.clock.fast_forward(21_000)
    line = page.get_by_text("The list has changed.")
    expect(line).to_be_visible()
    assert page.locator("#list table").bounding_box() == table
    expect(box).to_be_checked()
    expect(row).to_contain_text("Running")
    page.get_by_role("link", name="Show it").click()
    expect(row).to_contain_text("Exited")
