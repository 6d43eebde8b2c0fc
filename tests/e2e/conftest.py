"""Watchweb as `make up` runs it, on the lab's engine, and a browser in front of it."""

import contextlib
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.commands.installation import Installation, wait_until
from tests.lab.browser import launch_options
from tests.lab.dockerd import Dockerd
from tests.lab.fixtures import need
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.lab.registry import Registry
from tests.runs.stage import Platform

PASSWORD = "browser-password"


@dataclass(frozen=True, slots=True)
class Site:
    """A running installation that has scanned web and api, both stale, and db, which is not."""

    url: str
    platform: Platform
    installation: Installation


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, lab_engine_session: Dockerd, lab_registry: Registry
) -> Iterator[Site]:
    """One for all tests of a module: it takes a while to start."""
    installation = Installation(tmp_path_factory.mktemp("site"))
    bind = f"127.0.0.1:{free_port()}"
    with contextlib.ExitStack() as stack:
        stack.callback(lab_engine_session.clear)
        api = stack.enter_context(contextlib.closing(lab_engine_session.api()))
        platform = Platform(lab_engine_session, api)
        for name in ("web", "db", "api"):
            platform.create(platform.fetch(lab_registry, f"browser/{name}", image(name, 1)), name)
        for name in ("web", "api"):
            lab_registry.push(f"browser/{name}", "1", image(name, 2))
        installation.begin()
        installation.manage("addhost", "nas", lab_engine_session.url)
        installation.trust(lab_registry)
        installation.manage("scan")
        up = installation.running(
            "up", "--bind", bind, WATCHWEB_ADMIN_PASSWORD=PASSWORD, WATCHWEB_GATE_SECONDS="2"
        )
        stack.enter_context(up)
        wait_until(lambda: answers(f"http://{bind}/healthz"), 60, "the web server did not start")
        yield Site(f"http://{bind}", platform, installation)


def image(name: str, version: int) -> ImageSpec:
    return ImageSpec(version=str(version), ballast_bytes=1_000_000, env=(f"NAME={name}",))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Callable[..., Page]:
    """Open a page of this size, colour scheme and language, signed in as the administrator."""

    def signed_in(
        width: int = 1280, scheme: str = "light", *, scripts: bool = True, locale: str = "en-GB"
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale=locale,
        )
        page = context.new_page()
        page.goto(site.url)
        page.locator("[name=username]").fill("admin")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main [type=submit]").click()
        page.wait_for_url(f"{site.url}/")
        return page

    return signed_in


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
