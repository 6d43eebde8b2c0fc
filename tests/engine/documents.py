"""Inspect documents as engines give them, small and changeable."""

from typing import Any

OLD_ID = "0123456789ab" + "c" * 52
ANONYMOUS = "f" * 64
Json = dict[str, Any]


def container(
    *,
    config: Json | None = None,
    host: Json | None = None,
    networks: Json | None = None,
    mounts: list[Json] | None = None,
) -> Json:
    """A container's inspect document, with these parts on top of a plain one's."""
    return {
        "Id": OLD_ID,
        "Name": "/web",
        "Image": "sha256:old",
        "Config": {"Hostname": OLD_ID[:12], "Image": "shop/web:1", "Tty": False} | (config or {}),
        "HostConfig": {"NetworkMode": "default", "Memory": 7} | (host or {}),
        "NetworkSettings": {"Networks": {"bridge": endpoint()} if networks is None else networks},
        "Mounts": mounts or [],
    }


def image(**config: Any) -> Json:
    """An image's inspect document with this config."""
    return {"Id": "sha256:old", "Config": config}


def endpoint(**chosen: Any) -> Json:
    """An endpoint as an inspect shows it: what was chosen, and what the engine made up."""
    made_up = {
        "IPAMConfig": None,
        "Links": None,
        "Aliases": None,
        "DriverOpts": None,
        "GwPriority": 0,
        "NetworkID": "net-id",
        "EndpointID": "endpoint-id",
        "Gateway": "172.18.0.1",
        "IPAddress": "172.18.0.2",
        "IPPrefixLen": 16,
        "GlobalIPv6Address": "fd00::2",
        "MacAddress": "02:42:ac:12:00:02",
        "DNSNames": ["web", OLD_ID[:12]],
    }
    return made_up | chosen


def volume(path: str, name: str = ANONYMOUS, **more: Any) -> Json:
    """A mounted volume, as in an inspect's Mounts."""
    mount = {"Type": "volume", "Name": name, "Destination": path, "Driver": "local", "RW": True}
    return mount | more
