"""The catalogs: each has every word of the pages, and what pages read is made from them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

CATALOGS = sorted(settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.po"))
SOURCES = ("manage.py", "templates", "updates", "watchweb")


def said(*command: str | Path) -> str:
    """What the program says; it must end well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with all that is marked in the sources."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        source = settings.BASE_DIR / name
        if source.is_file():
            shutil.copy(source, tree)
        else:
            no_catalogs = shutil.ignore_patterns("locale", "__pycache__")
            shutil.copytree(source, tree / name, ignore=no_catalogs)
    (tree / "updates" / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--locale", "xx", "--no-wrap"]
    environment = os.environ | {"WATCHWEB_DATA": str(tree / "data")}
    subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True)
    return tree / "updates" / "locale" / "xx" / "LC_MESSAGES" / "django.po"


def test_there_is_a_catalog_for_each_language() -> None:
    codes = {catalog.parent.parent.name for catalog in CATALOGS}
    assert codes == {code for code, _name in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_all_that_is_marked_is_translated(catalog: Path, marked: Path) -> None:
    said("msgcmp", "--use-untranslated", catalog, marked)  # Have `make messages` collect it.
    for lacking in ("--untranslated", "--only-fuzzy"):
        assert said("msgattrib", lacking, "--no-obsolete", catalog) == ""


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_what_pages_read_is_made_from_the_catalog_and_keeps_its_values(
    catalog: Path, tmp_path: Path
) -> None:
    compiled = tmp_path / "django.mo"
    said("msgfmt", "--check", "-o", compiled, catalog)
    read = catalog.with_suffix(".mo")
    assert said("msgunfmt", read) == said("msgunfmt", compiled)  # `make messages` makes it anew.
