"""How values read on the pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from updates.flow.session import CheckStatus, State
from updates.models.run import RunState
from updates.templatetags.watchweb import ago, breakable, digest, tone, took, words


@pytest.mark.parametrize(
    ("seconds", "read"),
    [
        (None, ""),
        (0.04, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (12.4, "12 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration(seconds: float | None, read: str) -> None:
    assert took(seconds) == read


@pytest.mark.parametrize(
    ("age", "read"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=3, seconds=30), "3 minutes ago"),
        (timedelta(days=2, hours=5), "2 days ago"),
    ],
)
def test_an_age(age: timedelta, read: str) -> None:
    assert ago(timezone.now() - age).replace("\xa0", " ") == read


def test_an_image_breaks_at_its_parts_and_is_escaped() -> None:
    assert breakable("a.io:5000/b/c:1") == "a.io:<wbr>5000/<wbr>b/<wbr>c:<wbr>1<wbr>"
    assert breakable("<b>") == "&lt;b&gt;<wbr>"


def test_a_digest_is_short() -> None:
    assert digest("sha256:0123456789abcdef") == "0123456789ab"
    assert digest("") == ""


def test_every_state_has_a_colour_and_words() -> None:
    for state in (*State, *CheckStatus, *RunState):
        assert tone(state) in {"good", "news", "bad", "busy", "quiet"}
        assert "_" not in words(state)
    for bad in (State.FAILED, State.ROLLED_BACK, RunState.INTERRUPTED):
        assert tone(bad) == "bad"
    assert tone(CheckStatus.UNKNOWN) != "good", "a failed check never looks up to date"
