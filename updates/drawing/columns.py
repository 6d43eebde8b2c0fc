"""Which column each name stands in, and in which order a column's spots follow each other.

A spot is (name, column). A line that passes columns has a spot of its parent's name in each of
them, so that it runs between the boxes; all lines of one parent share those.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from updates.drawing.pairs import Pair, names_of

Spot = tuple[str, int]
Segment = tuple[Spot, Spot]
_SWEEPS = 4


def columns(pairs: Collection[Pair], circles: Iterable[frozenset[str]]) -> dict[str, int]:
    """The column of each name: right of all its parents, but for one line of each circle."""
    members = {name: circle for circle in circles for name in circle}
    parents: dict[str, set[str]] = {name: set() for name in sorted(names_of(pairs))}
    for one in pairs:
        parents[one.dependant].add(one.parent)
    placed: dict[str, int] = {}
    waiting = dict(parents)
    while waiting:
        for name in _free(waiting, members):
            before = [placed[one] for one in waiting.pop(name) if one in placed]
            placed[name] = 1 + max(before, default=-1)
    return placed | _closer(pairs, parents, placed)


def segments(pairs: Iterable[Pair], column: Mapping[str, int]) -> list[Segment]:
    """From spot to spot, a column at a time; lines that lead back to the left have none."""
    found: dict[Segment, None] = {}
    for one in pairs:
        ways = spots(one, column)
        found |= dict.fromkeys(pairwise(ways))
    return list(found)


def spots(pair: Pair, column: Mapping[str, int]) -> list[Spot]:
    """The spots of a line from the parent to the dependant; [] if it leads back to the left."""
    first, last = column[pair.parent], column[pair.dependant]
    if first >= last:
        return []
    return [*((pair.parent, one) for one in range(first, last)), (pair.dependant, last)]


def sequences(column: Mapping[str, int], lines: Collection[Segment]) -> list[list[Spot]]:
    """The spots of each column, from top to bottom: near to those they are tied to."""
    everything = {*column.items(), *(spot for line in lines for spot in line)}
    found: list[list[Spot]] = [[] for _ in range(max(column.values()) + 1)]
    for spot in sorted(everything):
        found[spot[1]].append(spot)
    before, after = ties(lines)
    for sweep in range(_SWEEPS):
        to_the_right = sweep % 2 == 0
        near = before if to_the_right else after
        for place in range(len(found)) if to_the_right else reversed(range(len(found))):
            beside = place - 1 if to_the_right else place + 1
            if 0 <= beside < len(found):
                found[place] = _by_middle(found[place], found[beside], near)
    return found


def ties(lines: Iterable[Segment]) -> tuple[dict[Spot, list[Spot]], dict[Spot, list[Spot]]]:
    """(left neighbours, right neighbours) of each spot."""
    before: dict[Spot, list[Spot]] = {}
    after: dict[Spot, list[Spot]] = {}
    for left, right in lines:
        before.setdefault(right, []).append(left)
        after.setdefault(left, []).append(right)
    return before, after


def _free(waiting: Mapping[str, set[str]], members: Mapping[str, frozenset[str]]) -> list[str]:
    """Those whose parents are all placed; else the first of a circle that waits for itself only."""
    free = [name for name, parents in waiting.items() if not parents & waiting.keys()]
    if free:
        return free
    held = (name for name, parents in waiting.items() if name in members)
    return [next(one for one in held if waiting[one] & waiting.keys() <= members[one])]


def _closer(
    pairs: Iterable[Pair], parents: Mapping[str, set[str]], placed: Mapping[str, int]
) -> dict[str, int]:
    """Names without parents, moved to the column before their first dependant's."""
    first: dict[str, int] = {}
    for one in pairs:
        if not parents[one.parent]:
            near = placed[one.dependant] - 1
            first[one.parent] = min(first.get(one.parent, near), near)
    return first


def _by_middle(
    own: Sequence[Spot], beside: Sequence[Spot], near: Mapping[Spot, list[Spot]]
) -> list[Spot]:
    place = {spot: number for number, spot in enumerate(beside)}

    def middle(numbered: tuple[int, Spot]) -> float:
        number, spot = numbered
        found = [place[one] for one in near.get(spot, ())]
        return sum(found) / len(found) if found else number

    return [spot for _, spot in sorted(enumerate(own), key=middle)]
