"""Debian's Chromium, for Playwright."""

from tests.lab.missing import program

# Without the background flags it goes out to its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_options() -> dict[str, object]:
    """What Playwright's `chromium.launch` takes."""
    return {"executable_path": program("chromium"), "args": FLAGS}
