"""The layers of the stylesheet: what a page adds is its own, and no other page's by accident."""

import re
from collections import defaultdict
from pathlib import Path

import updates

FOLDER = Path(updates.__file__).parent / "static" / "updates" / "css"
SHARED = ("base", "layout", "frame", "components", "pages", "admin")
_FIRST_CLASS = re.compile(r"(?m)^\s*\.([a-z][a-z-]*)")


def classes(sheet: Path) -> set[str]:
    """Those that its selectors begin with."""
    return set(_FIRST_CLASS.findall(sheet.read_text()))


def test_no_two_pages_style_the_same_class_unless_it_is_a_component() -> None:
    shared = set().union(*(classes(FOLDER / f"{name}.css") for name in SHARED))
    owners: dict[str, list[str]] = defaultdict(list)
    for sheet in FOLDER.glob("*.css"):
        if sheet.stem not in SHARED:
            for name in classes(sheet) - shared:
                owners[name].append(sheet.stem)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_every_stylesheet_has_its_layer() -> None:
    imported = re.findall(
        r'@import url\("(\w+)\.css"\) layer\(\w+\)', (FOLDER / "watchweb.css").read_text()
    )
    assert {*imported, "watchweb", "admin"} == {sheet.stem for sheet in FOLDER.glob("*.css")}


def test_the_blocks_of_a_stylesheet_are_closed_where_they_seem_to_be() -> None:
    """A browser takes one brace too many, and leaves out what follows."""
    for sheet in FOLDER.glob("*.css"):
        depth = 0
        for number, line in enumerate(sheet.read_text().splitlines(), 1):
            depth -= line.count("}")
            is_blank = not line.strip() or line.lstrip().startswith(("/*", "*"))
            indent = len(line) - len(line.lstrip(" "))
            assert is_blank or indent >= 2 * depth, f"{sheet.name}:{number}"
            depth += line.count("{")
        assert depth == 0, sheet.name
