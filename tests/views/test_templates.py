"""Templates compile, name icons that exist, and hold no inline style or script."""

import re
from pathlib import Path

import lucide
import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_icons_exist(name: str) -> None:
    for icon in re.findall(r'lucide "([\w-]+)"', (ROOT / name).read_text()):
        assert lucide._render_icon(icon, 16)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_needs_no_inline_style_or_script(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", text)
