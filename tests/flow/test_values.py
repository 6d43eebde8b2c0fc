"""Values of settings, as people, labels and JSON write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.flow.values import (
    LINE,
    NAMES,
    PAIRS,
    YES_NO,
    BadValue,
    Duration,
    Signal,
    ValueKind,
    Whole,
)

SECONDS = Duration(most=86_400, is_bare=True)
GOOD = [
    (YES_NO, "yes", True),
    (YES_NO, "T", True),
    (YES_NO, "0", False),
    (YES_NO, False, False),
    (Duration(), "3d", 259_200),
    (Duration(), "1d12h", 129_600),
    (Duration(), "1w 2d", 777_600),
    (Duration(), "1M", 2_592_000),
    (Duration(), "0", 0),
    (Duration(), 60, 60),
    (SECONDS, "30", 30),
    (SECONDS, "2m", 120),
    (Whole("minutes"), "5", 5),
    (NAMES, "a, b c", ("a", "b", "c")),
    (NAMES, ["a,b"], ("a,b",)),
    (PAIRS, "team=shop, tier=one two", ("team=shop", "tier=one two")),
    (LINE, "  echo a  ", "echo a"),
    (Signal(), "SIGHUP", "SIGHUP"),
]
BAD = [
    (YES_NO, "maybe", "takes yes or no."),
    (Duration(), "12", "takes a duration such as 12h"),
    (Duration(), "-1h", "takes a duration"),
    (Duration(), "3 fortnights", "takes a duration"),
    (Duration(), "99999999M", "takes a duration of at most"),
    (SECONDS, "-1", "takes a duration such as 30, 30s"),
    (SECONDS, "2d", "takes a duration of at most 1d."),
    (Whole("minutes", most=9), "10", "takes a number of minutes from 0 to 9."),
    (Whole("minutes"), "-1", "takes a number of minutes"),
    (Whole("minutes"), "1.5", "takes a number of minutes"),
    (PAIRS, "=x", "takes pairs of the form key=value"),
    (LINE, "x" * 5000, "takes at most 4000 letters."),
    (Signal(), "rm -rf", "takes the name of a signal"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), GOOD)
def test_what_is_meant_is_read(kind: ValueKind, raw: object, value: object) -> None:
    assert kind.read(raw) == value


@pytest.mark.parametrize(("kind", "raw", "why"), BAD)
def test_what_makes_no_sense_has_its_sentence(kind: ValueKind, raw: object, why: str) -> None:
    with pytest.raises(BadValue) as caught:
        kind.read(raw)
    assert why in str(caught.value)


@given(st.integers(min_value=0, max_value=3650 * 86_400))
def test_a_duration_that_is_shown_can_be_typed_again(seconds: int) -> None:
    assert Duration().read(Duration().show(seconds)) == seconds


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for kind in (YES_NO, Duration(), SECONDS, Whole("x"), NAMES, PAIRS, LINE, Signal()):
        try:
            value = kind.read(text)
        except BadValue:
            continue
        if value not in ("", ()):
            assert kind.read(kind.show(value)) == value
