"""The HostConfig of a recreated container: verbatim, but for what named the old ones.

    modes     container:<id> of a container that was recreated itself
    links     as a create takes them
    volumes   anonymous ones go along by name; without this the new container gets empty ones
    quirks    values that an inspect shows and a create refuses
Source: Engine API HostConfig, MountPoint.
"""

import copy
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from updates.engine.container import SHORTEST_ID

_MODES = ("NetworkMode", "IpcMode", "PidMode", "Cgroup")
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
Document = Mapping[str, Any]


def host_config(container: Document, new_ids: Mapping[str, str]) -> dict[str, Any]:
    """The old container's HostConfig for a new one; `new_ids` maps recreated containers' ids."""
    host = copy.deepcopy(dict(container["HostConfig"]))
    for key in _MODES:
        if host.get(key):
            host[key] = _moved_mode(str(host[key]), new_ids)
    if host.get("VolumesFrom"):
        host["VolumesFrom"] = [_moved_source(entry, new_ids) for entry in host["VolumesFrom"]]
    if host.get("Links"):
        host["Links"] = [link for entry in host["Links"] if (link := _link(entry))]
    _carry_volumes(host, container)
    _settle_quirks(host)
    return host


def has_number(port: str) -> bool:
    """False for "/tcp", which old clients left behind and a create refuses."""
    return bool(port.partition("/")[0])


def is_anonymous(volume: str) -> bool:
    """True for a name that an engine made up: 64 hexadecimal digits."""
    return _ANONYMOUS.fullmatch(volume) is not None


def _moved_mode(mode: str, new_ids: Mapping[str, str]) -> str:
    kind, _, other = mode.partition(":")
    return f"container:{_moved(other, new_ids)}" if kind == "container" else mode


def _moved_source(entry: str, new_ids: Mapping[str, str]) -> str:
    source, colon, mode = entry.partition(":")
    return _moved(source, new_ids) + colon + mode


def _moved(container: str, new_ids: Mapping[str, str]) -> str:
    """The new id for an old one, which may be written short; names stay as they are."""
    for old, new in new_ids.items():
        if old == container or (len(container) >= SHORTEST_ID and old.startswith(container)):
            return new
    return container


def _link(entry: str) -> str:
    """ "/db:/web/database" as "db:database"; "" for what is no link."""
    source, colon, alias = entry.partition(":")
    return f"{source.lstrip('/')}:{alias.rpartition('/')[2]}" if colon and source else ""


def _carry_volumes(host: dict[str, Any], container: Document) -> None:
    named = _named_paths(host)
    for mount in container.get("Mounts") or []:
        path = posixpath.normpath(str(mount.get("Destination") or ""))
        if mount.get("Type") != "volume" or not mount.get("Name") or path in named:
            continue
        if host.get("VolumesFrom") and not is_anonymous(mount["Name"]):
            continue  # It comes with the container that VolumesFrom names.
        _mount_by_name(host, path, mount)


def _named_paths(host: Document) -> set[str]:
    """Where the user mounted something that has a name of its own."""
    mounts = [one for one in host.get("Mounts") or [] if one.get("Source")]
    binds = [bind.split(":")[1] for bind in host.get("Binds") or [] if ":" in bind]
    return {posixpath.normpath(path) for path in (*binds, *(one["Target"] for one in mounts))}


def _mount_by_name(host: dict[str, Any], path: str, mount: Document) -> None:
    """Name the volume in the user's own entry for this path, or in a new one."""
    for own in host.get("Mounts") or []:
        if posixpath.normpath(own.get("Target") or "") == path:
            own["Source"] = mount["Name"]
            return
    carried = {"Type": "volume", "Source": mount["Name"], "Target": path}
    if not mount.get("RW", True):
        carried["ReadOnly"] = True
    host["Mounts"] = [*(host.get("Mounts") or []), carried]
    if host.get("Binds"):
        host["Binds"] = [bind for bind in host["Binds"] if posixpath.normpath(bind) != path]


def _settle_quirks(host: dict[str, Any]) -> None:
    """Values seen in inspects (of Podman, of old clients) that a create refuses."""
    if ports := host.get("PortBindings"):
        host["PortBindings"] = {port: ports[port] for port in ports if has_number(port)}
    for device in host.get("Devices") or []:
        device["CgroupPermissions"] = device.get("CgroupPermissions") or "rwm"
    for limit in host.get("Ulimits") or []:
        limit["Name"] = limit["Name"].lower().removeprefix("rlimit_")
    if host.get("MemorySwappiness") == -1:
        host["MemorySwappiness"] = None
