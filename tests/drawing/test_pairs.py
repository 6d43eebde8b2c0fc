"""What hangs together, and what depends on itself."""

import pytest

from updates.drawing.pairs import Pair, circles, parts


def pairs(text: str) -> list[Pair]:
    """ "b>a" is: b depends on a."""
    ways = (one.partition(">") for one in text.split())
    return [Pair(dependant, parent) for dependant, _, parent in ways]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("b>a c>b", []),
        ("a>b b>a", ["ab"]),
        ("a>b b>c c>a x>a a>y", ["abc"]),
        ("a>b b>a c>d d>c b>c", ["ab", "cd"]),
        ("a>b b>a m>a c>m c>d d>c", ["ab", "cd"]),
        ("a>b b>c c>a b>a", ["abc"]),
        ("", []),
    ],
)
def test_circles_are_found_and_nothing_beside_them(text: str, found: list[str]) -> None:
    assert ["".join(sorted(one)) for one in circles(pairs(text))] == found


def test_parts_hang_together_whichever_way_the_lines_lead() -> None:
    found = parts(pairs("b>a c>a z>y d>c"))
    assert found == [sorted(pairs("b>a c>a d>c")), pairs("z>y")]


def test_the_largest_part_comes_first_then_the_name() -> None:
    found = parts(pairs("y>x b>a l>k m>k"))
    assert [part[0].dependant for part in found] == ["l", "b", "y"]
