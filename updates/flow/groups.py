"""Which of the planned containers belong together, directly or through others."""

from collections.abc import Callable, Collection, Sequence


def groups(ordered: Sequence[str], parents: Callable[[str], Collection[str]]) -> dict[str, int]:
    """Each id with the number of its group, by these parents; one alone is a group too."""
    number = {one: place for place, one in enumerate(ordered)}
    for one in ordered:
        for parent in number.keys() & set(parents(one)):
            old, new = number[one], number[parent]
            number = {key: new if value == old else value for key, value in number.items()}
    return number
