"""The chart of days: what a bar's place and height say."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from updates.drawing.month import HEIGHT, WIDTH, Day, draw

FIRST = date(2026, 11, 1)
numbers = some.integers(min_value=0, max_value=50_000)


def days(*counts: tuple[int, int, int]) -> list[Day]:
    return [Day(FIRST + timedelta(days=at), *those) for at, those in enumerate(counts)]


@given(some.lists(some.tuples(numbers, numbers, numbers), min_size=1, max_size=30))
def test_every_bar_is_in_the_picture_and_on_its_side_of_the_line(
    counts: list[tuple[int, int, int]],
) -> None:
    month = draw(days(*counts))
    for column in month.columns:
        assert 0 <= column.x < column.x + column.width <= WIDTH
        for bar in column.bars:
            assert 0 <= bar.y < bar.y + bar.height <= HEIGHT
            is_above = bar.y + bar.height <= month.line
            assert is_above is (bar.state == "updated")


def test_the_last_day_is_at_the_right_and_an_empty_one_has_no_bar() -> None:
    month = draw(days((3, 0, 0), (0, 0, 0), (1, 1, 1)))
    assert [len(column.bars) for column in month.columns] == [1, 0, 3]
    assert [column.x for column in month.columns] == sorted(column.x for column in month.columns)
    assert WIDTH - (month.columns[-1].x + month.columns[-1].width) <= 4


def test_one_beside_thousands_is_still_seen() -> None:
    month = draw(days((50_000, 0, 0), (1, 0, 1)))
    assert all(bar.height >= 3 for column in month.columns for bar in column.bars)


def test_twice_as_many_are_twice_as_high() -> None:
    full, half = draw(days((20, 0, 0), (10, 0, 0))).columns
    assert abs(full.bars[0].height - 2 * half.bars[0].height) <= 1
