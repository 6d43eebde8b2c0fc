"""The settings as switches of a command: Watchtower's, by their own names.

A yes or no is on with its name and off with "no-" before it ("--cleanup", "--no-cleanup"); those
that begin with "no-" are off without it ("--no-pull", "--pull"). What is not said is inherited.
"""

import argparse
from argparse import ArgumentParser
from collections.abc import Callable, Collection, Mapping
from typing import Any

from updates.flow import names
from updates.flow.setting import About, Group
from updates.flow.settings import catalogue, switch
from updates.flow.values import BadValue, Words, YesNo
from updates.management.base import wrong_use

_PATTERNS = ("disable_containers", "monitor_image_names", "skip_image_names")


class _OnOff(argparse.Action):
    """True for the first of its spellings, False for the last."""

    def __init__(self, option_strings: list[str], dest: str, **how: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **how)

    def __call__(self, _: Any, namespace: Any, __: Any, option: str | None = None) -> None:
        setattr(namespace, self.dest, option != self.option_strings[-1])


def add_arguments(parser: ArgumentParser, groups: Collection[Group]) -> None:
    """The switches of these groups; one command may be for all hosts, so none is a container's."""
    for group in Group:
        shown = parser.add_argument_group(group.lower())
        for name, about in catalogue().items():
            if about.group is group and group in groups and about.is_for_host:
                _add(shown, name, about)


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the switches that were given, by setting. Raises CommandError, code 2."""
    found = {name: value for name in catalogue() if (value := options.get(name)) is not None}
    is_regex = bool(found.get("regex"))
    for name in found:
        kind = catalogue()[name].kind
        if isinstance(kind, Words):
            is_whole = is_regex and name in _PATTERNS
            found[name] = _read(name, kind, found[name] if is_whole else ",".join(found[name]))
    if is_regex:
        refuse_bad_patterns([one for name in _PATTERNS for one in found.get(name, ())])
    return found


def refuse_bad_patterns(patterns: Collection[str]) -> None:
    """Raises CommandError, code 2, for what is no regular expression."""
    for pattern in patterns:
        if why := names.why_not_regex(pattern):
            raise wrong_use(why)


def _add(shown: Any, name: str, about: About) -> None:
    spelled = [*([f"-{about.short}"] if about.short else []), f"--{switch(name)}"]
    if isinstance(about.kind, YesNo):
        spelled.append(f"--{_off(switch(name))}")
        shown.add_argument(*spelled, action=_OnOff, dest=name, default=None, help=about.text)
        return
    how: dict[str, Any] = {"type": _typed(about.kind.read), "metavar": "VALUE"}
    if isinstance(about.kind, Words):
        how = {"action": "append", "metavar": "LIST"}
    shown.add_argument(*spelled, dest=name, default=None, help=about.text, **how)


def _off(spelled: str) -> str:
    return spelled.removeprefix("no-") if spelled.startswith("no-") else f"no-{spelled}"


def _typed(read: Callable[[Any], Any]) -> Callable[[str], Any]:
    """The kind as a type of argparse's, which tells of a wrong value in its own words."""

    def value(text: str) -> Any:
        try:
            return read(text)
        except BadValue as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return value


def _read(name: str, kind: Words, raw: Any) -> Any:
    try:
        return kind.read(raw)
    except BadValue as error:
        raise wrong_use(f"--{switch(name)} {error}") from error
