"""API versions: how they compare, and which one to speak with an engine.

`HIGHEST` is 1.51: the last version in which an inspect tells a MAC address that was asked for
from one that the engine made up (1.52 drops it), and high enough for an engine to show and to
take all that its containers have (1.48 brings GwPriority, 1.45 volume subpaths, 1.44
StartInterval). Every engine up to 29 accepts it or something below it. Source: Engine API
version history.
"""

import re
from collections.abc import Mapping
from typing import Any

from updates.engine.container import EngineInfo
from updates.engine.errors import EngineTooOld

HIGHEST = "1.51"
LOWEST = "1.24"


def version_tuple(version: str) -> tuple[int, ...]:
    """ "1.41" as (1, 41), so that 1.9 comes before 1.10."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def is_at_least(version: str, other: str) -> bool:
    return version_tuple(version) >= version_tuple(other)


def spoken(offered: str, accepted: str) -> str:
    """The highest version that is known here and that an engine with this range takes."""
    return max(min(offered, HIGHEST, key=version_tuple), accepted, key=version_tuple)


def is_usable(info: EngineInfo) -> bool:
    """Whether an engine may be spoken to by what was once learned of it: nothing is missing."""
    offered, accepted = info.server_api_version, info.min_api_version
    return is_at_least(offered, LOWEST) and info.api_version == spoken(offered, accepted)


def agree(said: Mapping[str, Any], url: str) -> EngineInfo:
    """What the engine at `url` is, from its answer to /version, and the version to speak with it.

    Raises EngineTooOld.
    """
    offered = str(said["ApiVersion"])
    accepted = str(said.get("MinAPIVersion") or LOWEST)
    if not is_at_least(offered, LOWEST):
        raise EngineTooOld(
            f"The engine at {url} speaks API {offered}, and {LOWEST} is needed: update Docker."
        )
    components = [str(part.get("Name") or "") for part in said.get("Components") or []]
    return EngineInfo(
        version=str(said.get("Version") or ""),
        api_version=spoken(offered, accepted),
        server_api_version=offered,
        min_api_version=accepted,
        os=str(said.get("Os") or ""),
        arch=str(said.get("Arch") or ""),
        name=str((said.get("Platform") or {}).get("Name") or "") or "".join(components[:1]),
        is_podman=any("Podman" in component for component in components),
    )
