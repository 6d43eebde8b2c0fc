"""Boxes and lines of one part of a graph, in pixels, as SVG takes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from updates.drawing.columns import Spot, columns, segments, sequences, spots
from updates.drawing.heights import BOX, heights
from updates.drawing.pairs import Pair, circles, names_of

LONGEST = 24  # Characters of a name; a longer one loses its middle.
_CHARACTER, _PADDING, _NARROWEST = 8.4, 26, 132
_BETWEEN = 64  # Columns.
_MARGIN = 4
_DIP = 34  # How far below the boxes a line leads back to the left.


@dataclass(frozen=True, slots=True)
class Box:
    """A name's place: left, top, width and height; `label` is what fits in it."""

    name: str
    label: str
    x: int
    y: int
    width: int
    height: int
    is_in_circle: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """From a parent to a dependant: `path` and its arrow's `tip` are SVG path data."""

    pair: Pair
    path: str
    tip: str
    is_in_circle: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One part of the graph."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    circles: tuple[tuple[str, ...], ...] = ()


def draw(pairs: Collection[Pair]) -> Picture:
    """The picture of pairs that hang together."""
    pairs = sorted(pairs)
    rings = circles(pairs)
    column = columns(pairs, rings)
    ways = segments(pairs, column)
    middle = heights(sequences(column, ways), ways, column)
    edges = _edges(column)
    ring = {name: number for number, one in enumerate(rings) for name in one}
    boxes = {name: _box(name, column, edges, middle, ring) for name in sorted(names_of(pairs))}
    lines = tuple(_line(one, boxes, column, edges, middle, ring) for one in pairs)
    leads_back = any(not spots(one, column) for one in pairs)
    return Picture(
        edges[-1][1] + _MARGIN,
        max(one.y + one.height for one in boxes.values()) + (_DIP if leads_back else _MARGIN),
        tuple(boxes.values()),
        lines,
        tuple(tuple(sorted(one)) for one in rings),
    )


def short(name: str) -> str:
    """The name as it fits: both ends of a long one, since numbers stand at the end."""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST // 2]}…{name[-(LONGEST // 2 - 1) :]}"


def _edges(column: Mapping[str, int]) -> list[tuple[int, int]]:
    """Left and right edge of each column: as wide as its longest name."""
    found: list[tuple[int, int]] = []
    for number in range(max(column.values()) + 1):
        lengths = [len(short(name)) for name, place in column.items() if place == number]
        left = found[-1][1] + _BETWEEN if found else _MARGIN
        width = max(_NARROWEST, round(max(lengths) * _CHARACTER) + _PADDING)
        found.append((left, left + width))
    return found


def _box(
    name: str,
    column: Mapping[str, int],
    edges: Sequence[tuple[int, int]],
    middle: Mapping[Spot, float],
    ring: Mapping[str, int],
) -> Box:
    left, right = edges[column[name]]
    top = round(middle[name, column[name]] - BOX / 2) + _MARGIN
    return Box(name, short(name), left, top, right - left, round(BOX), name in ring)


def _line(
    pair: Pair,
    boxes: Mapping[str, Box],
    column: Mapping[str, int],
    edges: Sequence[tuple[int, int]],
    middle: Mapping[Spot, float],
    ring: Mapping[str, int],
) -> Line:
    is_in_circle = pair.parent in ring and ring[pair.parent] == ring.get(pair.dependant)
    way = spots(pair, column)
    if not way:
        return Line(pair, *_back(boxes[pair.parent], boxes[pair.dependant]), is_in_circle)
    # Each spot is crossed level, from the left to the right edge of its column.
    levels = [round(middle[spot]) + _MARGIN for spot in way]
    x, y = edges[way[0][1]][1], levels[0]
    path = f"M{x} {y}"
    for (_, number), level in zip(way[1:], levels[1:], strict=True):
        left, right = edges[number]
        half = (x + left) // 2
        path += f"C{half} {y} {half} {level} {left} {level}"
        x, y = right, level
        if number != way[-1][1]:
            path += f"H{right}"
    left = edges[way[-1][1]][0]
    return Line(pair, path, f"M{left} {y}l-9 -5v10z", is_in_circle)


def _back(parent: Box, dependant: Box) -> tuple[str, str]:
    """A line below the boxes, and the tip that points up at the dependant."""
    start, end = parent.x + parent.width // 2, dependant.x + dependant.width // 2
    bottom, under = parent.y + parent.height, dependant.y + dependant.height
    low = max(bottom, under) + _DIP
    return f"M{start} {bottom}C{start} {low} {end} {low} {end} {under}", f"M{end} {under}l-5 9h10z"
