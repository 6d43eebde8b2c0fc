"""A browser that looks at pages as they are, and keeps what it sees as WebP."""

import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.pictures.shots import VIEWS, WIDE, Shot, View

QUALITY = 65  # The text stays sharp, and all pictures together below 6 MB.
_TRIES = 5
_SETTLING_MS = 150
# Containers come and go beside it, and with them the machine's networks: Chromium then lets go of
# what it was loading.
_NOT_THE_PAGE = "ERR_NETWORK_CHANGED"


class PictureError(Exception):
    """A page is not as it should be."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes shots of one site. Of some a wide one too, into a folder of its own."""

    browser: Browser
    site: str
    folder: Path
    wide_folder: Path

    def take(self, shots: Sequence[Shot], session: str, facts: Mapping[str, int]) -> None:
        """All of them in all views. Raises PictureError at the first page that is not well."""
        for is_signed_in in (True, False):
            with closing(self.browser.new_context()) as context:
                if is_signed_in:
                    context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
                for shot in shots:
                    if shot.is_signed_in is is_signed_in:
                        self._take(context, shot, f"{self.site}{shot.path.format(**facts)}")

    def _take(self, context: BrowserContext, shot: Shot, address: str) -> None:
        """It is loaded once: width and colours change under it."""
        with closing(context.new_page()) as page:
            _open(page, shot, address)
            for view in VIEWS:
                _keep(_seen(page, view), self.folder / view.name(shot))
            if shot.has_wide_one:
                _keep(_seen(page, WIDE), self.wide_folder / WIDE.name(shot))


def _complaints_of(page: Page) -> list[str]:
    """What the page complains of from now on: a list that grows."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(error.message))
    return complaints


def _open(page: Page, shot: Shot, address: str) -> None:
    """Load it, again if that was broken off. Raises PictureError."""
    complaints = _complaints_of(page)
    for _ in range(_TRIES):
        complaints.clear()
        status = _load(page, shot, address, complaints)
        if not any(_NOT_THE_PAGE in one for one in complaints):
            break
    if status != shot.status:
        raise PictureError(f"{address} answers {status}.")
    if complaints and shot.status == 200:  # Chromium complains of any other.
        raise PictureError(f"{address}: {complaints[0]}")


def _load(page: Page, shot: Shot, address: str, complaints: list[str]) -> int:
    """The status it was answered with; 0 if there was no answer."""
    try:
        answer = page.goto(address)
    except Error as error:
        complaints.append(error.message)
        return 0
    page.wait_for_load_state("networkidle")
    if shot.keys:
        page.keyboard.press(shot.keys)
        with page.expect_response(lambda response: response.url.endswith(f"={shot.types}")):
            page.keyboard.type(shot.types)
        page.wait_for_load_state("networkidle")
    return answer.status if answer else 0


def _seen(page: Page, view: View) -> bytes:
    """A PNG of what is on the screen."""
    page.set_viewport_size({"width": view.width, "height": view.height})
    page.emulate_media(color_scheme=view.scheme)
    page.wait_for_timeout(_SETTLING_MS)
    return page.screenshot(animations="disabled")


def _keep(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
