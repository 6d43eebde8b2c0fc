"""Registries, in a browser: add one with its CA, see each step of a test, flush its tokens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, image
from tests.lab.registry import Registry

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_a_registry_is_added_with_its_ca_tested_and_its_tokens_are_flushed(
    site: Site, open_page: Callable[..., Page], lab_registry_token: Registry
) -> None:
    vault = lab_registry_token
    site.platform.create(site.platform.fetch(vault, "team/vault", image("vault", 1)), "vault")
    page = open_page()

    page.get_by_role("link", name="Registries", exact=True).click()
    page.get_by_role("link", name="Add a registry").click()
    page.get_by_label("Domain").fill(vault.address)
    page.get_by_label("User name").fill(vault.username)
    page.get_by_label("Password or token").fill(vault.password)
    page.get_by_label("CA certificates").fill(vault.ca_pem.replace("BEGIN", "BEGUN"))
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    refused = page.locator("#id_ca_pem_error")
    expect(refused).to_contain_text("it has no BEGIN line")
    assert vault.password not in page.content()

    page.get_by_label("Password or token").fill(vault.password)
    page.get_by_label("CA certificates").fill(vault.ca_pem)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(vault.address)
    expect(page.get_by_text("O=Watchweb lab").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Never asked")

    _test_the_connection(page, "team/vault:1")
    page.get_by_label("Or another image").fill("team/nothing:1")
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator(".steps > li").last).to_contain_text("failed")

    page.goto(f"{site.url}/")
    page.get_by_role("button", name="Scan now").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    _check_again(page, site, vault)
    _flush(page, site, vault)


def _test_the_connection(page: Page, reference: str) -> None:
    """Every step is there, in place: the page itself is not loaded again."""
    page.evaluate("window.isTheSamePage = true")
    page.get_by_label("Or another image").fill(reference)
    page.get_by_role("button", name="Test connection").click()
    steps = page.locator(".steps > li")
    expect(steps).to_have_count(6)
    for place, step in enumerate(("DNS", "TLS", "Ping", "Challenge", "Token", "Manifest")):
        expect(steps.nth(place)).to_contain_text(step)
        expect(steps.nth(place)).to_contain_text("ok")
        expect(steps.nth(place)).to_contain_text(re.compile(r"\d+ ms"))
    expect(steps.nth(1)).to_contain_text("Watchweb lab")
    assert page.evaluate("window.isTheSamePage")


def _check_again(page: Page, site: Site, vault: Registry) -> None:
    page.goto(f"{site.url}/registries/")
    row = page.locator("tbody tr", has_text=vault.address)
    expect(row).to_contain_text("OK")
    row.get_by_role("link").click()
    expect(page.locator("#images + .card tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Check again now").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    expect(page.locator("#run tbody tr")).to_have_count(1)


def _flush(page: Page, site: Site, vault: Registry) -> None:
    page.goto(f"{site.url}/tokens/")
    row = page.locator("tbody tr", has_text=vault.address)
    expect(row).to_contain_text("repository:team/vault:pull")
    expect(row).to_contain_text("Fresh")
    page.get_by_label("Registry").select_option(vault.address)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Flush this registry's").click()
    page.get_by_role("button", name="Flush 1 token").click()
    expect(page.get_by_role("status")).to_have_text("1 token flushed.")
    expect(page.get_by_role("heading", name="No tokens are kept")).to_be_visible()


def test_a_known_domain_proposes_its_kind_and_the_words_follow_it(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/registries/add/")
    page.get_by_label("Password or token").fill("hunter2-hunter2")
    page.get_by_label("Domain").fill("ghcr.io")
    page.get_by_label("Domain").press("Tab")
    expect(page.get_by_label("Personal access token (classic)")).to_be_visible()
    expect(page.get_by_label("Kind")).to_have_value("github")
    expect(page.get_by_label("Kind")).to_be_focused()
    page.get_by_label("GitHub user name").fill("somebody")
    page.get_by_label("Kind").select_option("harbor")
    expect(page.get_by_label("Robot secret")).to_be_visible()
    expect(page.get_by_label("Robot account")).to_have_value("somebody")
    assert any("/registries/fields/" in url for url in asked)
    assert not any("hunter2" in url for url in asked)
    page.get_by_label("Domain").fill("harbor.example.com")
    page.get_by_label("Robot account").fill("robot$somebody")
    page.get_by_label("Robot secret").fill("hunter2-hunter2")
    page.get_by_label("Robot secret").press("Enter")
    expect(page.get_by_role("heading", name="harbor.example.com")).to_be_visible()


def test_a_registry_is_added_and_tested_without_scripts(
    site: Site, open_page: Callable[..., Page], lab_registry_tls: Registry
) -> None:
    page = open_page(scripts=False)
    page.goto(f"{site.url}/registries/add/")
    page.get_by_label("Kind").select_option("harbor")
    page.get_by_role("button", name="Show fields").click()
    expect(page.get_by_label("Robot secret")).to_be_visible()
    page.get_by_label("Domain").fill(lab_registry_tls.address)
    page.get_by_label("CA certificates").fill(lab_registry_tls.ca_pem)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Test connection").click()
    steps = page.locator(".steps > li")
    expect(steps).to_have_count(6)
    expect(steps.nth(2)).to_contain_text("lets everybody in")


def test_a_test_that_was_cut_off_by_the_end_of_the_session_leads_to_the_sign_in(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{site.url}/registries/1/")
    page.context.clear_cookies()
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("Nothing was done.").or_(page.get_by_label("Password"))).to_be_visible()
