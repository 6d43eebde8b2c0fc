"""A webhook in a browser: added, its secret read once, a delivery seen as it comes."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.look import Look

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_a_webhook_is_added_and_its_deliveries_are_seen(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{site.url}/registries/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Webhooks").click()
    page.get_by_role("link", name="Add a webhook").click()
    page.get_by_label("Name").fill("pipeline")
    page.get_by_label("Sender").select_option("generic")
    page.get_by_role("button", name="Add").click()
    address, secret = page.locator("dl code").all_inner_texts()
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("Nothing was delivered yet.")).to_be_visible()
    assert secret not in page.content()

    image = site.installation.manage("shell", "-v0", "-c", IMAGE).strip()
    told = urllib.request.Request(
        f"{address}?image={image}", headers={"Authorization": f"Bearer {secret}"}, data=b""
    )
    with urllib.request.urlopen(told, timeout=10) as answer:
        assert answer.status == 202
    page.reload()
    row = page.locator("#deliveries tbody tr")
    expect(row).to_contain_text("Started", timeout=20_000)
    row.get_by_role("link", name=re.compile("Scan #")).click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    expect(page.locator("#run")).to_contain_text("Webhook")
    expect(page.locator("#run tbody tr")).to_have_count(1)


IMAGE = "from updates.models import Container; print(Container.objects.get(name='db').image)"
PAGES = ["/webhooks/", "/webhooks/add/", *(f"/webhooks/1/{end}" for end in ("", "change/"))]
PAGES += ["/webhooks/1/secret/", "/webhooks/1/delete/"]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_fit_and_keep_to_the_content_security_policy(
    width: int, scheme: str, site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width, scheme)
    look = Look(page, site.url)
    assert [one for path in PAGES for one in look.at(path)] == []
    page.goto(f"{site.url}/webhooks/1/secret/")
    page.get_by_role("button", name="Create a new secret").click()
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
