"""Who depends on whom, by name: parts that hang together, and circles."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """`dependant` needs `parent`; `is_firm` is drawn as a solid line."""

    dependant: str
    parent: str
    is_firm: bool = False


def names_of(pairs: Iterable[Pair]) -> set[str]:
    return {name for one in pairs for name in (one.dependant, one.parent)}


def parts(pairs: Collection[Pair]) -> list[list[Pair]]:
    """The pairs, by what hangs together: the largest part first, then by name."""
    near = _neighbours(pairs, both_ways=True)
    found: dict[str, str] = {}
    for name in sorted(near):
        if name not in found:
            found |= dict.fromkeys(reached(name, near) | {name}, name)
    together: dict[str, list[Pair]] = {}
    for one in sorted(pairs):
        together.setdefault(found[one.parent], []).append(one)
    return sorted(together.values(), key=lambda part: (-len(names_of(part)), part))


def circles(pairs: Collection[Pair]) -> list[frozenset[str]]:
    """The groups of names that depend on each other in a circle, by name."""
    near = _neighbours(pairs)
    ahead = {name: reached(name, near) for name in sorted(_core(near))}
    found = {
        frozenset(other for other in seen if name in ahead.get(other, ()))
        for name, seen in ahead.items()
        if name in seen
    }
    return sorted(found, key=sorted)


def reached(start: str, near: Mapping[str, set[str]]) -> set[str]:
    """All that a walk from here comes to; the start only if it leads back."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        found = near[ahead.pop()] - seen
        seen |= found
        ahead += found
    return seen


def _neighbours(pairs: Iterable[Pair], *, both_ways: bool = False) -> dict[str, set[str]]:
    """Each name to its parents, and to its dependants too if `both_ways`."""
    near: dict[str, set[str]] = {}
    for one in pairs:
        near.setdefault(one.dependant, set()).add(one.parent)
        near.setdefault(one.parent, set())
        if both_ways:
            near[one.parent].add(one.dependant)
    return near


def _core(near: Mapping[str, set[str]]) -> set[str]:
    """What is left without those that nothing leads to, again and again: circles and what is
    behind them. Mostly nothing, so that circles are looked for in few names."""
    dependants: dict[str, set[str]] = {name: set() for name in near}
    for name, parents in near.items():
        for parent in parents:
            dependants[parent].add(name)
    waiting = {name: len(parents) for name, parents in near.items()}
    free = [name for name, count in waiting.items() if not count]
    while free:
        name = free.pop()
        del waiting[name]
        for one in dependants[name]:
            waiting[one] -= 1
            if not waiting[one]:
                free.append(one)
    return set(waiting)
