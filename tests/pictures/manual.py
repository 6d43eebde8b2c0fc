"""The page of the manual that shows the pictures."""

from collections.abc import Iterator
from pathlib import Path

from tests.pictures.album import SHOTS
from tests.pictures.shots import VIEWS, Shot

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "screenshots"
PAGE = DOCS / "screenshots.md"
_INTRODUCTION = """\
# Each page in pictures

On a desk and on a phone, light or dark as your system is. `make screenshots` makes the pictures and
this page anew, from the fleet of `make demo`.
"""
_SHARES = {1280: "68%", 390: "21%"}  # Side by side, and about as high as each other.


def write_manual() -> None:
    PAGE.write_text(manual())


def manual() -> str:
    return "\n".join([_INTRODUCTION, *(line for shot in SHOTS for line in _shown(shot))])


def _shown(shot: Shot) -> Iterator[str]:
    yield f"## {shot.title}\n\n{shot.words}\n"
    for width, share in _SHARES.items():
        light, dark = (
            f"screenshots/{view.name(shot)}"
            for scheme in ("light", "dark")
            for view in VIEWS
            if (view.width, view.scheme) == (width, scheme)
        )
        yield f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        alt = f"{shot.title}, {width} pixels wide"
        yield f'<img src="{light}" alt="{alt}" width="{share}"></picture>'
    yield ""
