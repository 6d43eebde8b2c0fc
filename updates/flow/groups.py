"""Which of the planned containers depend on each other, directly or through others."""

from collections.abc import Sequence

from updates.flow.order import Graph


def groups(ordered: Sequence[str], known: Graph) -> dict[str, int]:
    """Each id with the number of its group; a container alone is a group too."""
    number = {one: place for place, one in enumerate(ordered)}
    for one in ordered:
        for parent in known.parents(one) & number.keys():
            old, new = number[one], number[parent]
            number = {key: new if value == old else value for key, value in number.items()}
    return number
