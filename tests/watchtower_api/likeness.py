"""Whether a document is like a recorded one: the same names with the same types of values."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any


def differences(
    ours: Any,
    recorded: Any,
    more: Collection[str] = (),
    optional: Mapping[str, Any] | None = None,
    place: str = "",
) -> Iterator[str]:
    """What is missing, too much or of another type, as sentences.

    A recorded list stands for all its elements by its first. `more`: names that may be there too;
    `optional`: names that need not be there, with an example. Both with their place, "list.name".
    """
    if isinstance(recorded, dict) and isinstance(ours, dict):
        yield from _of_objects(ours, recorded, more, optional or {}, place)
    elif isinstance(recorded, list) and isinstance(ours, list):
        for one in ours if recorded else ():
            yield from differences(one, recorded[0], more, optional, place)
    elif type(ours) is not type(recorded):
        yield f"{place} is {ours!r}, and not like {recorded!r}"


def value_at(document: Any, place: str) -> Any:
    for name in place.split("."):
        document = document[name]
    return document


def _of_objects(
    ours: dict[str, Any],
    recorded: dict[str, Any],
    more: Collection[str],
    optional: Mapping[str, Any],
    place: str,
) -> Iterator[str]:
    def at(name: str) -> str:
        return f"{place}.{name}".lstrip(".")

    for name, value in recorded.items():
        if name not in ours:
            yield f"{at(name)} is missing"
        else:
            yield from differences(ours[name], value, more, optional, at(name))
    for name in ours.keys() - recorded.keys():
        if at(name) in optional:
            yield from differences(ours[name], optional[at(name)], more, optional, at(name))
        elif at(name) not in more:
            yield f"{at(name)} is too much"
