"""The network endpoints of a recreated container: what its user set, nothing an engine made up.

Addresses, gateways and ids of an inspect are of the moment; sent back they would clash. Below API
1.44 a create takes one endpoint, and the others are connected before the start.
Source: Engine API EndpointSettings, NetworkConnectRequest.
"""

import copy
from collections.abc import Mapping
from typing import Any

from updates.engine.version import is_at_least

SEVERAL_ENDPOINTS = "1.44"
_USER_SET = ("IPAMConfig", "Links", "DriverOpts", "GwPriority")
_NO_NETWORK = ("host", "none")
Document = Mapping[str, Any]
Endpoints = dict[str, dict[str, Any]]


def endpoints(container: Document, api_version: str) -> tuple[Endpoints, Endpoints]:
    """(for the create body, to connect afterwards), by network name. Both empty where the
    container has no network of its own (host, none, container:…)."""
    mode = network_mode(container)
    if mode in _NO_NETWORK or mode.startswith("container:"):
        return {}, {}
    attached = {name: one for name, one in _attached(container).items() if name not in _NO_NETWORK}
    wanted = {name: _endpoint(one, container) for name, one in attached.items()}
    first = main_network(container)
    if is_at_least(api_version, SEVERAL_ENDPOINTS):
        if first in wanted and (mac := _chosen_mac(attached[first], container)):
            wanted[first]["MacAddress"] = mac
        return wanted, {}
    rest = {name: settings for name, settings in wanted.items() if name != first}
    return {name: wanted[name] for name in wanted if name == first}, rest


def network_mode(container: Document) -> str:
    return str(container["HostConfig"].get("NetworkMode") or "default")


def main_network(container: Document) -> str:
    """The name of the network that a create attaches to: the mode's, else the first there is."""
    mode, attached = network_mode(container), _attached(container)
    mode = "bridge" if mode == "default" else mode
    if mode in attached:
        return mode
    by_id = [name for name, one in attached.items() if one.get("NetworkID") == mode]
    return next(iter(by_id or attached), "")


def _attached(container: Document) -> Endpoints:
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    return {name: settings or {} for name, settings in networks.items()}


def _endpoint(settings: Document, container: Document) -> dict[str, Any]:
    kept = {key: copy.deepcopy(settings[key]) for key in _USER_SET if settings.get(key)}
    # Below 1.45 the engine adds the short id to the aliases: it would pile up.
    short = container["Id"][:12]
    aliases = [alias for alias in settings.get("Aliases") or [] if alias != short]
    return kept | {"Aliases": aliases} if aliases else kept


def _chosen_mac(settings: Document, container: Document) -> str:
    """The MAC address that was asked for: the container's config has it until API 1.52.

    Docker 25.0 shows one there that it derived from the IPv4 address (02:42 and its bytes).
    """
    mac = str(container["Config"].get("MacAddress") or "").lower()
    parts = str(settings.get("IPAddress") or "").split(".")
    if len(parts) == 4 and mac == "02:42:" + ":".join(f"{int(part):02x}" for part in parts):
        return ""
    return mac
