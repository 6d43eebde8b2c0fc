"""Which containers a command is for: Watchtower's switches, by their own names."""

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from updates.flow import names, pairs
from updates.flow.session import Params
from updates.management.base import wrong_use

SWITCHES = {
    "label-enable": "Only containers with the enable label.",
    "include-stopped": "Stopped containers too.",
    "include-restarting": "Containers that keep restarting too.",
    "regex": "Names and images are regular expressions (RE2) for the whole name.",
}
LISTS = {
    "disable-containers": "Leave these containers out.",
    "monitor-image-names": "Only containers of these images, with any tag if none is given.",
    "skip-image-names": "Leave containers of these images out.",
}
PAIRS = {
    "enable-containers-by-label": "Only containers with one of these labels.",
    "disable-containers-by-label": "Leave containers with one of these labels out.",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The switches; lists are separated by commas or given several times."""
    for name, text in SWITCHES.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    for name, text in LISTS.items():
        parser.add_argument(f"--{name}", action="append", default=[], metavar="NAMES", help=text)
    for name, text in PAIRS.items():
        parser.add_argument(f"--{name}", action="append", default=[], metavar="K=V", help=text)
    parser.add_argument("-x", action="append", dest="disable_containers", help="Its short form.")
    parser.add_argument(
        "--scope", default="", help='Only containers of this scope; "none": without one.'
    )


def selected(params: Params, options: Mapping[str, Any]) -> Params:
    """The params with what the options select. Raises CommandError, code 2."""
    switches = {_key(name): options[_key(name)] for name in SWITCHES}
    is_regex = options["regex"]
    lists: dict[str, Any] = {
        _key(name): _names(options[_key(name)], is_regex=is_regex) for name in LISTS
    }
    lists["names"] = tuple(options["names"])
    if is_regex:
        _refuse_bad_patterns(lists)
    labels: dict[str, Any] = {_key(name): _pairs(name, options[_key(name)]) for name in PAIRS}
    return replace(params, scope=options["scope"].strip(), **switches, **lists, **labels)


def _key(name: str) -> str:
    return name.replace("-", "_")


def _names(texts: list[str], *, is_regex: bool) -> tuple[str, ...]:
    """The names in the lists; a comma belongs to a regular expression."""
    if is_regex:
        return tuple(texts)
    return tuple(name for text in texts for name in re.split("[, ]+", text) if name)


def _pairs(name: str, texts: list[str]) -> tuple[str, ...]:
    found = pairs.split(texts)
    if why := pairs.why_wrong(found):
        raise wrong_use(f"--{name} {why}")
    return found


def _refuse_bad_patterns(lists: Mapping[str, tuple[str, ...]]) -> None:
    for pattern in (one for patterns in lists.values() for one in patterns):
        if why := names.why_not_regex(pattern):
            raise wrong_use(why)
