"""Where each container of a plan comes: its number, its wave, for whom it waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from updates.flow.plan import Action


@dataclass(frozen=True, slots=True)
class Place:
    """`number` is from 1 and `wave` too: 1 waits for nobody, 2 for one of wave 1. Names, sorted."""

    number: int
    wave: int
    waits_for: tuple[str, ...] = ()
    shares_with: tuple[str, ...] = ()


def places_of(actions: Sequence[Action]) -> Mapping[str, Place]:
    """By container id. The actions are in the order of their plan, parents first."""
    names = {one.container.id: one.container.name for one in actions}
    units: dict[int, list[str]] = {}
    for one in actions:
        units.setdefault(one.unit, []).append(one.container.name)
    found: dict[str, Place] = {}
    for number, one in enumerate(actions, 1):
        earlier = [parent for parent in one.waits_for if parent in found]
        found[one.container.id] = Place(
            number,
            1 + max((found[parent].wave for parent in earlier), default=0),
            tuple(sorted(names[parent] for parent in earlier)),
            tuple(sorted(set(units[one.unit]) - {one.container.name})),
        )
    return found
