"""What is kept has no language of a page."""

from django.utils import translation
from django.utils.translation import gettext

from updates.english import in_english


def test_what_is_kept_is_english_whatever_language_the_page_has() -> None:
    kept = in_english(lambda: gettext("Monday"))
    with translation.override("de"):
        assert kept() == "Monday"
        assert gettext("Monday") == "Montag"
