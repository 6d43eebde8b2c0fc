"""Back to an earlier image, and a container made again, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.look import Look

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


def test_a_container_goes_back_is_held_and_is_made_again_when_it_vanished(
    site: Site, open_page: Callable[..., Page]
) -> None:
    site.installation.manage("update", "web", "--gate-seconds", "1")
    assert site.platform.version_in("web") == "2"
    page = open_page()
    page.goto(f"{site.url}/containers/?q=web")
    page.get_by_role("link", name="web", exact=True).click()
    page.get_by_role("link", name="Go back to version 1").click()
    page.get_by_role("button", name="Go back").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    assert site.platform.version_in("web") == "1"

    page.locator("#results").get_by_role("link", name="web", exact=True).click()
    expect(page.get_by_text("Update available")).to_be_visible()
    expect(page.get_by_text("It went back to version 1")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("web is released.")).to_be_visible()

    site.platform.api.remove_container("web", force=True)
    site.installation.manage("scan")
    page.reload()
    page.get_by_role("link", name="Make it again").click()
    page.get_by_role("button", name="Make it again").click()
    expect(page.locator("#run h1 .badge")).to_have_text("Finished", timeout=60_000)
    assert site.platform.version_in("web") == "1"


def test_the_commands_send_one_back_and_release_it(site: Site) -> None:
    site.installation.manage("update", "api", "--gate-seconds", "1")
    document = site.installation.document("rollback", "nas", "api")
    assert (document["state"], document["counts"]["updated"]) == ("finished", 1)
    assert site.platform.version_in("api") == "1"
    held = site.installation.document("update", "api")
    assert held["containers"][0]["state"] == "stale"
    assert site.installation.manage("release", "nas", "api") == "Hold for nas/api: taken away.\n"
    again = site.installation.document("update", "api", "--gate-seconds", "1")
    assert again["containers"][0]["state"] == "updated"


PAGES = ["/hosts/1/containers/web/", "/hosts/1/containers/db/"]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_fit_and_keep_to_the_content_security_policy(
    width: int, scheme: str, site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page(width, scheme)
    look = Look(page, site.url)
    assert [one for path in PAGES for one in look.at(path)] == []
