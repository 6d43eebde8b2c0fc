"""A picture in which nothing covers anything, and that is always the same."""

import random
import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawing.test_pairs import pairs
from updates.drawing.columns import columns, segments, sequences
from updates.drawing.heights import heights
from updates.drawing.pairs import Pair, circles, names_of, parts
from updates.drawing.picture import Box, Picture, draw, short

NAMES = st.sampled_from("abcdefghij")
GRAPHS = st.lists(
    st.builds(Pair, NAMES, NAMES, st.booleans()).filter(lambda one: one.parent != one.dependant),
    min_size=1,
    max_size=25,
    unique_by=lambda one: (one.dependant, one.parent),
)


def places(picture: Picture) -> dict[str, Box]:
    return {box.name: box for box in picture.boxes}


def covers(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


def check(picture: Picture, drawn: Sequence[Pair]) -> None:
    boxes = places(picture)
    assert set(boxes) == names_of(drawn)
    assert sorted(line.pair for line in picture.lines) == sorted(drawn)
    for box in picture.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= picture.width
        assert box.y + box.height <= picture.height
        assert not any(covers(box, other) for other in picture.boxes if other is not box)
    for line in picture.lines:
        parent, dependant = boxes[line.pair.parent], boxes[line.pair.dependant]
        if parent.x >= dependant.x:
            assert line.is_in_circle, f"{line.pair} leads back, and is in no circle."


@given(GRAPHS)
@settings(deadline=None)
def test_nothing_covers_anything_and_parents_stand_left(drawn: list[Pair]) -> None:
    for part in parts(drawn):
        check(draw(part), part)


@given(GRAPHS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_same_graph_is_drawn_the_same(drawn: list[Pair], chance: random.Random) -> None:
    mixed = chance.sample(drawn, len(drawn))
    assert parts(mixed) == parts(drawn)
    for part in parts(drawn):
        assert draw(chance.sample(part, len(part))) == draw(part)


def test_a_line_that_passes_a_column_runs_between_its_boxes() -> None:
    drawn = pairs("b>a c>b c>a")
    picture = draw(drawn)
    passing = next(line for line in picture.lines if line.pair == Pair("c", "a"))
    level = re.search(r" (\d+)H", passing.path)
    box = places(picture)["b"]
    assert level is not None
    assert not box.y <= int(level[1]) <= box.y + box.height


def test_lines_start_and_end_at_their_boxes() -> None:
    picture = draw(pairs("b>a"))
    a, b = places(picture)["a"], places(picture)["b"]
    middle = a.y + a.height // 2
    (line,) = picture.lines
    assert line.path.startswith(f"M{a.x + a.width} {middle}C")
    assert line.path.endswith(f" {b.x} {middle}")
    assert line.tip.startswith(f"M{b.x} {middle}l")


def test_a_circle_is_marked_with_all_its_lines_and_nothing_beside_it() -> None:
    picture = draw(pairs("b>a c>b a>c x>c"))
    assert picture.circles == (("a", "b", "c"),)
    assert {box.name for box in picture.boxes if box.is_in_circle} == {"a", "b", "c"}
    marked = {line.pair for line in picture.lines if line.is_in_circle}
    assert marked == set(pairs("b>a c>b a>c"))
    back = next(line for line in picture.lines if line.pair == Pair("a", "c"))
    assert max(int(one) for one in re.findall(r"\d+", back.path.partition("C")[2])[1::2]) <= (
        picture.height
    )


def test_two_circles_are_two() -> None:
    picture = draw(pairs("b>a a>b d>c c>d c>b"))
    assert picture.circles == (("a", "b"), ("c", "d"))
    crossing = next(line for line in picture.lines if line.pair == Pair("c", "b"))
    assert not crossing.is_in_circle


def test_a_circle_behind_another_stands_right_of_it() -> None:
    drawn = pairs("x>y y>x a>b b>a a>x")
    check(draw(drawn), drawn)


def test_one_that_needs_nobody_stands_next_to_its_first_dependant() -> None:
    boxes = places(draw(pairs("b>a c>b d>c d>late")))
    assert boxes["late"].x == boxes["c"].x


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("web", "web"),
        ("x" * 24, "x" * 24),
        ("a-very-long-container-name-of-somebody-1", "a-very-long-…-somebody-1"),
    ],
)
def test_a_long_name_keeps_both_its_ends(name: str, label: str) -> None:
    assert short(name) == label
    assert len(label) <= 24


def fleet(count: int) -> list[Pair]:
    """Names that each depend on up to two of the fifteen before."""
    chance = random.Random(3)  # noqa: S311 - not a secret
    found = {
        Pair(f"app-{number:03}", f"app-{chance.randrange(max(0, number - 15), number):03}")
        for number in range(1, count)
        for _ in range(2)
    }
    return sorted(found)


def test_crossings_are_few() -> None:
    """Two parents with three children each, named so that the order by name crosses."""
    drawn = pairs("c>a e>a g>a d>b f>b h>b")
    column = columns(drawn, circles(drawn))
    order = sequences(column, segments(drawn, column))
    assert [name for name, _ in order[1]] == ["c", "e", "g", "d", "f", "h"]


def test_a_single_child_stands_level_with_its_parent() -> None:
    drawn = pairs("b>a c>b")
    column = columns(drawn, [])
    ways = segments(drawn, column)
    assert len(set(heights(sequences(column, ways), ways, column).values())) == 1


def test_two_hundred_names_are_drawn_in_a_tenth_of_a_second() -> None:
    drawn = fleet(200)
    seconds = []
    for _ in range(3):
        started = time.process_time()
        for part in parts(drawn):
            draw(part)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.1
