"""What somebody wrote into a cell does nothing in a spreadsheet."""

import pytest

from updates.spreadsheet import safe


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_nothing_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_what_is_no_formula_stays_as_it_is() -> None:
    assert [safe(one) for one in ("a=1", "", 3)] == ["a=1", "", "3"]
