"""What a create asked for and the new container has not: named by its place in the inspect.

An engine answers a create that holds a field it does not know, or may not honour, as if all were
well. It also spells things its own way: so a value counts as lost only when nothing is there in
its stead, and a member of a list when fewer are there than were asked for.

    empty       null, absent, "", 0, -1, false, [] and {} are one
    open maps   their keys are the user's (labels, sysctls): each must be there, whatever its value
    variables   by name: an image adds its own
    lists       a member that is spelled another way is one that was not asked for, and stands in
    mounts      by place, among binds, mounts and what the engine says it mounts

Not looked at: what an engine discards with a warning, on a kernel that cannot do it (_DISCARDED),
what it does not show before the start (_UNSEEN), and Podman, whose inspect leaves much out.
Source: Engine API; moby, daemon/inspect.go and daemon/daemon_unix.go.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from updates.engine.spec import CreateBody

_DISCARDED = frozenset(
    {
        "BlkioWeight",
        "BlkioWeightDevice",
        "CpuRealtimePeriod",
        "CpuRealtimeRuntime",
        "KernelMemory",
        "KernelMemoryTCP",
        "MemorySwap",
        "MemorySwappiness",
        "OomKillDisable",
    }
)
_UNSEEN = frozenset({"ArgsEscaped", "ConsoleSize", "MacAddress", "OnBuild"})
_APART = frozenset({"HostConfig", "NetworkingConfig", "Binds", "Mounts"})
_SKIPPED = _DISCARDED | _UNSEEN | _APART
_OPEN = frozenset(
    {
        "Annotations",
        "Config",  # Of LogConfig.
        "DriverOpts",
        "ExposedPorts",
        "Labels",
        "Networks",
        "Options",
        "StorageOpt",
        "Sysctls",
        "Tmpfs",
        "Volumes",
    }
)
_DEFAULTS = ("/", "default", "no")  # Said or not, they mean the same.
_IDENTITIES = ("Target", "PathInContainer", "Name", "Path")
_PODMAN = {"container=podman", "container=oci"}
Document = Mapping[str, Any]


def losses(body: CreateBody, document: Document) -> tuple[str, ...]:
    """The paths ("HostConfig.Ulimits") of what `body` asked for and the container has not.

    `document` is the inspect of the container that was just created, started or not. Sorted; ()
    if nothing is lost. No path holds a value of the user's: of a map's members it has the names.
    """
    config = document.get("Config") or {}
    if _PODMAN.intersection(config.get("Env") or []):
        return ()
    asked_host = body.config.get("HostConfig") or {}
    networks = {"Networks": _asked_networks(body)}
    found = {
        *_lost(body.config, config, "Config"),
        *_lost(asked_host, document.get("HostConfig") or {}, "HostConfig"),
        *_lost(networks, document.get("NetworkSettings") or {}, "NetworkSettings"),
        *_lost_mounts(asked_host, document),
    }
    return tuple(sorted(found))


def _asked_networks(body: CreateBody) -> dict[str, Any]:
    """By name. The default bridge with nothing chosen is no wish: an engine may be without it."""
    created = (body.config.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    both = {**created, **body.connect}
    return {name: one for name, one in both.items() if one or _spelled(name) != "bridge"}


def _lost(asked: Document, got: Document, path: str) -> Iterator[str]:
    """The losses of a map whose keys are the engine's."""
    for key, value in asked.items():
        if key not in _SKIPPED:
            yield from _lost_value(key, value, got.get(key), f"{path}.{key}")


def _lost_value(key: str, asked: Any, got: Any, path: str) -> Iterator[str]:
    if key in _OPEN and isinstance(asked, Mapping):
        yield from _lost_members(asked, got or {}, path)
    elif _is_empty(asked):
        return
    elif isinstance(asked, Mapping) and isinstance(got or {}, Mapping):
        yield from _lost(asked, got or {}, path)
    elif isinstance(asked, list) and isinstance(got or [], list):
        yield from _lost_entries(key, asked, got or [], path)
    elif _is_empty(got):
        yield path


def _lost_members(asked: Document, got: Document, path: str) -> Iterator[str]:
    """The losses of a map whose keys are the user's."""
    there = {_spelled(key): value for key, value in got.items()}
    for key, value in asked.items():
        if _spelled(key) not in there:
            yield f"{path}.{key}"
        elif isinstance(value, Mapping):
            yield from _lost(value, there[_spelled(key)] or {}, f"{path}.{key}")


def _lost_entries(key: str, asked: Sequence[Any], got: Sequence[Any], path: str) -> Iterator[str]:
    if key == "Env":
        there = {entry.partition("=")[0] for entry in got}
        names = [entry.partition("=")[0] for entry in asked if "=" in entry]
        yield from (f"{path}.{name}" for name in names if name not in there)
    elif all(isinstance(one, Mapping) for one in (*asked, *got)):
        yield from _lost_maps(asked, got, path)
    else:
        own, there = {_spelled(one) for one in asked}, {_spelled(one) for one in got}
        if len(own - there) > len(there - own):
            yield path


def _lost_maps(asked: Sequence[Document], got: Sequence[Document], path: str) -> Iterator[str]:
    """Those with a name or a place are found by it, the others by their order."""
    there = {_identity(one, number): one for number, one in enumerate(got)}
    for number, one in enumerate(asked):
        match = there.get(_identity(one, number))
        if match is None:
            yield path
        else:
            yield from _lost(one, match, path)


def _lost_mounts(asked: Document, document: Document) -> Iterator[str]:
    host = document.get("HostConfig") or {}
    mounted = [one.get("Destination") for one in document.get("Mounts") or []]
    mounts = {_spelled(one.get("Target")): one for one in host.get("Mounts") or []}
    places = {*mounts, *map(_spelled, mounted), *map(_place, host.get("Binds") or [])}
    if any(_place(bind) not in places for bind in asked.get("Binds") or []):
        yield "HostConfig.Binds"
    for one in asked.get("Mounts") or []:
        place = _spelled(one.get("Target"))
        if place not in places:
            yield "HostConfig.Mounts"
        elif place in mounts:
            yield from _lost(one, mounts[place], "HostConfig.Mounts")


def _place(bind: str) -> str:
    """Where "source:/place:options" is mounted; "/place" alone is one too."""
    parts = bind.split(":")
    return _spelled(parts[1] if len(parts) > 1 else parts[0])


def _identity(one: Document, number: int) -> str:
    names = (one.get(key) for key in _IDENTITIES)
    return next((_spelled(name) for name in names if name), str(number))


def _spelled(value: Any) -> str:
    """One spelling for a name: paths without a slash at the end, any case, capabilities short."""
    text = str(value)
    text = posixpath.normpath(text) if text.startswith("/") else text
    # Before the start some engines call the default bridge "default".
    return "bridge" if text == "default" else text.lower().removeprefix("cap_")


def _is_empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_empty(one) for one in value.values())
    if isinstance(value, list):
        return all(_is_empty(one) for one in value)
    return not value or value == -1 or value in _DEFAULTS
