"""The keyboard and the menu of a phone, in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_palette_leads_to_a_container(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.keyboard.press("Control+k")
    page.keyboard.type("db")
    expect(page.locator("#jump-found li").first).to_contain_text("container on nas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="db", level=1)).to_be_visible()


def test_shortcuts_lead_to_pages_but_not_while_one_types(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_title("Containers · Watchweb")
    page.keyboard.press("/")
    page.keyboard.type("gr?")
    expect(page).to_have_title("Containers · Watchweb")
    expect(page.locator("main input[type=search]")).to_have_value("gr?")


def test_a_phone_has_its_menu_behind_a_button(open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    runs = page.get_by_role("link", name="Runs", exact=True)
    expect(runs).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    runs.click()
    expect(page).to_have_title("Runs · Watchweb")
