"""How high each spot stands: level with what it is tied to, and never on top of another."""

from collections.abc import Mapping, Sequence

from updates.drawing.columns import Segment, Spot, ties

BOX = 46.0
GAP = 14.0
_LINE = 10.0  # What a line that only passes takes up.
_SWEEPS = 3


def heights(
    order: Sequence[Sequence[Spot]], lines: Sequence[Segment], column: Mapping[str, int]
) -> dict[Spot, float]:
    """The middle of each spot, in pixels; the highest box's top is at 0."""
    sizes = {spot: BOX if column[spot[0]] == spot[1] else _LINE for one in order for spot in one}
    middle: dict[Spot, float] = {}
    for one in order:
        _stack(one, sizes, middle, {})
    before, after = ties(lines)
    for sweep in range(_SWEEPS):
        to_the_right = sweep % 2 == 0
        near = before if to_the_right else after
        for one in order if to_the_right else reversed(order):
            _stack(one, sizes, middle, near)
    top = min(middle[spot] - sizes[spot] / 2 for spot in middle)
    return {spot: found - top for spot, found in middle.items()}


def _stack(
    spots: Sequence[Spot],
    sizes: Mapping[Spot, float],
    middle: dict[Spot, float],
    near: Mapping[Spot, Sequence[Spot]],
) -> None:
    """Put a column's spots below each other, each as near as can be to the middle of its own."""
    wanted = [_wanted(spot, middle, near) for spot in spots]
    placed: list[float] = []
    bottom = float("-inf")
    for spot, wish in zip(spots, wanted, strict=True):
        half = sizes[spot] / 2
        placed.append(max(wish, bottom + GAP + half))
        bottom = placed[-1] + half
    # Pushing went downwards only: half of it is taken back.
    shift = sum(map(float.__sub__, placed, wanted)) / len(placed)
    middle |= {spot: found - shift for spot, found in zip(spots, placed, strict=True)}


def _wanted(spot: Spot, middle: Mapping[Spot, float], near: Mapping[Spot, Sequence[Spot]]) -> float:
    found = [middle[one] for one in near.get(spot, ())]
    return sum(found) / len(found) if found else middle.get(spot, 0.0)
