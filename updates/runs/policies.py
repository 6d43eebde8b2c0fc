"""What is set for a host: the environment and the rows, level by level."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from updates.flow.policy import Policies
from updates.flow.settings import catalogue, variables
from updates.flow.values import BadValue
from updates.models import Host, Policy


def everywhere() -> Policies:
    """What is set for everything, and by the environment."""
    own = Policy.objects.set_for()
    return Policies(environment=from_environment(), everywhere=own.values)


def policies_of(host: Host) -> Policies:
    """Everything that is set for this host and its containers; one query."""
    return replace(Policy.objects.of_host(host), environment=from_environment())


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The settings that WATCHWEB_… variables make, and Watchtower's own, which count less.

    One that cannot be read is left out; `complaints` tells of it.
    """
    return {name: value for name, value, why in _read(environment) if not why}


def complaints(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for each variable that cannot be read."""
    return [why for _, _, why in _read(environment) if why]


def _read(environment: Mapping[str, str]) -> Iterator[tuple[str, Any, str]]:
    """(setting, value, "") or (setting, None, what is wrong). An empty variable is not set."""
    for name, about in catalogue().items():
        given = [one for one in variables(name) if environment.get(one, "").strip()]
        if not given or not about.is_for_host:
            continue
        try:
            yield name, about.kind.read(environment[given[0]]), ""
        except BadValue as error:
            yield name, None, f"{given[0]} {error}"
