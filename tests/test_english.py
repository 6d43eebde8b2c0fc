"""What is kept has no language of a page, and what is shown has."""

from datetime import UTC, time

from django.utils import translation
from django.utils.translation import gettext

from updates.english import in_english
from updates.timetable.window import Window


def test_what_is_kept_is_english_whatever_language_the_page_has() -> None:
    kept = in_english(lambda: gettext("Monday"))
    with translation.override("de"):
        assert kept() == "Monday"
        assert gettext("Monday") == "Montag"


def test_the_words_of_a_time_are_in_the_page_s_language() -> None:
    window = Window.of([1], time(1), time(5), UTC)
    assert window.words == "Monday, 01:00 to 05:00"
    with translation.override("de"):
        assert window.words.startswith("Montag, ")
