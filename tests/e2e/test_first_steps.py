"""The first minutes of an installation, in a browser: from nothing to a scanned host."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.commands.installation import Installation, wait_until
from tests.e2e.conftest import PASSWORD, answers, image
from tests.lab.dockerd import Dockerd
from tests.lab.ports import free_port
from tests.lab.registry import Registry
from tests.runs.stage import Platform

pytestmark = [pytest.mark.lab, pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def empty(
    tmp_path_factory: pytest.TempPathFactory, lab_engine_session: Dockerd, lab_registry: Registry
) -> Iterator[str]:
    """The address of an installation that knows nothing, beside an engine with one container."""
    installation = Installation(tmp_path_factory.mktemp("empty"))
    bind = f"127.0.0.1:{free_port()}"
    with contextlib.ExitStack() as stack:
        stack.callback(lab_engine_session.clear)
        api = stack.enter_context(contextlib.closing(lab_engine_session.api()))
        platform = Platform(lab_engine_session, api)
        platform.create(platform.fetch(lab_registry, "browser/web", image("web", 1)), "web")
        lab_registry.push("browser/web", "1", image("web", 2))
        installation.begin()
        installation.trust(lab_registry)
        stack.enter_context(
            installation.running("up", "--bind", bind, WATCHWEB_ADMIN_PASSWORD=PASSWORD)
        )
        wait_until(lambda: answers(f"http://{bind}/healthz"), 90, "the web server did not start")
        yield f"http://{bind}"


def test_a_person_walks_from_nothing_to_a_scanned_host_and_a_schedule(
    empty: str, chromium: Browser, lab_engine_session: Dockerd
) -> None:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(empty)
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()

    page.get_by_label("Name").fill("nas")
    page.get_by_label("Address").fill(lab_engine_session.url)
    page.get_by_role("button", name="Add the host").click()
    expect(page.get_by_role("status")).to_have_text("The host nas was added.")

    page.get_by_role("link", name="Add a registry").click()
    page.get_by_role("link", name="Back to the first steps").click()
    page.get_by_role("button", name="Skip: Sign in to a registry").click()

    page.get_by_role("button", name="Scan now").click()
    scanned = page.locator(".walk > li", has_text="Scan your hosts")
    expect(scanned.locator(".badge")).to_have_text("Done", timeout=90_000)

    page.get_by_label("Only look, every six hours").check()
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("status").first).to_contain_text("Look every six hours")
    page.get_by_role("button", name="Skip: Get notified").click()
    page.get_by_role("link", name="To the overview").click()

    expect(page.get_by_role("button", name="Update web on nas")).to_be_visible()
    expect(page.locator("section", has_text="Next")).to_contain_text("Look every six hours")
    assert complaints == []
