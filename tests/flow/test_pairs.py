"""Label pairs take containers in or keep them out."""

import pytest

from updates.flow import pairs


@pytest.mark.parametrize(
    ("pair", "fits"),
    [
        ("team=shop", True),
        ("team = shop", True),
        ("team", True),
        ("team=", True),
        ("team=sho", False),
        ("tea", False),
        ("note=a=b c", True),
    ],
)
def test_a_pair_wants_the_whole_value_or_only_the_key(pair: str, fits: bool) -> None:
    assert pairs.has_any({"team": "shop", "note": "a=b c"}, [pair]) is fits


def test_pairs_are_split_at_commas_only() -> None:
    assert pairs.split(["a=1 2,b", " c=3 ,"]) == ("a=1 2", "b", "c=3")


def test_too_many_too_long_and_without_a_key_is_wrong() -> None:
    assert pairs.why_wrong(["a=1", "b"]) == ""
    assert "key=value" in pairs.why_wrong(["=1"])
    assert "at most 100" in pairs.why_wrong(["a"] * 101)
    assert "at most 100" in pairs.why_wrong(["a=" + "b" * 4096])
