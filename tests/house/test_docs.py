"""The manual names every setting."""

from pathlib import Path

from updates.flow.settings import catalogue, switch

MANUAL = Path(__file__).parents[2] / "docs" / "updating.md"


def test_every_setting_is_in_the_manual_with_its_label_and_its_words() -> None:
    text = MANUAL.read_text()
    for name, about in catalogue().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{switch(name)}` |"))
        assert about.text in row
        assert f"| `{about.label}` |" in row or not about.label
