"""A page as a browser finds it: what it complains of, and what people would."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Request

_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (!one.hadRecentInput) sum += one.value;
  })).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 50);
})"""
_MOST_SHIFT = 0.05
_OTHERS = ("/admin/", "/api/v1/docs")  # What is on them is Django's and Swagger's.


class Look:
    """Watches a page from now on; `complaints` are the console's, of policies and of scripts."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(error.message))
        page.on("request", self._asked)

    def at(self, path: str) -> list[str]:
        """What is wrong with the page at this path, in sentences."""
        self.complaints.clear()
        self.page.goto(self.site + path)
        self.page.wait_for_load_state("networkidle")
        width = self.page.evaluate("innerWidth")
        found = list(self.complaints)
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"It is wider than {width} pixels.")
        if not path.startswith(_OTHERS):
            found += self._manners()
        return [f"{path}: {one}" for one in found]

    def _manners(self) -> list[str]:
        shift = self.page.evaluate(_SHIFT)
        found = [f"Its parts move while it is shown: {shift:.3f}."] if shift > _MOST_SHIFT else []
        found += self._violations()
        # axe-core reads stylesheets and sets styles: what the browser says of that ends here.
        self.page.goto("about:blank")
        return found

    def _violations(self) -> list[str]:
        """What axe-core finds: roles, labels, contrast and the like."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:150]}"
            for one in found
            for node in one["nodes"][:3]
        ]

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.site:
            self.complaints.append(f"It asks another host: {request.url}")
