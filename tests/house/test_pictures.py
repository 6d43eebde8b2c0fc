"""The pictures that the manual shows are there, small, and no others."""

import re
from pathlib import Path

import pytest

from tests.pictures.album import SHOTS
from tests.pictures.manual import DOCS, FOLDER, PAGE, manual
from tests.pictures.shots import VIEWS

README = DOCS.parent / "README.md"
MAX_BYTES = 200_000
MAX_BYTES_OF_ALL = 6_000_000
_PICTURE = re.compile(r"screenshots/[\w-]+\.webp")


def shown(document: Path) -> set[Path]:
    """The pictures that it names."""
    return {DOCS / name for name in _PICTURE.findall(document.read_text())}


@pytest.mark.parametrize("document", [README, PAGE], ids=lambda document: document.name)
def test_each_picture_that_is_shown_is_there_and_small(document: Path) -> None:
    pictures = shown(document)
    assert pictures
    for picture in pictures:
        assert picture.is_file(), f"{picture.name}: make screenshots"
        assert picture.stat().st_size < MAX_BYTES, picture.name


def test_the_manual_shows_every_page_in_every_view() -> None:
    assert PAGE.read_text() == manual(), "make screenshots"
    assert len(shown(PAGE)) == len(SHOTS) * len(VIEWS)


def test_no_picture_is_kept_that_nobody_shows() -> None:
    kept = set(FOLDER.glob("*"))
    assert kept == shown(PAGE)
    assert sum(picture.stat().st_size for picture in kept) < MAX_BYTES_OF_ALL
