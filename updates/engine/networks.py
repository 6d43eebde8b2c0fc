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
_USERS_ALIASES = "1.45"  # Before, an engine puts short id and host name among them.
_MAC_UNTOLD = "1.52"  # From here on the config has no MAC address.
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
    wanted = {name: _endpoint(one, container, api_version) for name, one in attached.items()}
    first = main_network(container)
    if is_at_least(api_version, SEVERAL_ENDPOINTS):
        for name, settings in attached.items():
            if mac := _chosen_mac(name, settings, container, api_version):
                wanted[name]["MacAddress"] = mac
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


def _endpoint(settings: Document, container: Document, api_version: str) -> dict[str, Any]:
    kept = {key: copy.deepcopy(settings[key]) for key in _USER_SET if settings.get(key)}
    # The engine's own: each time it would add them again.
    added = {container["Id"][:12]}
    if not is_at_least(api_version, _USERS_ALIASES):
        added.add(str(container["Config"].get("Hostname") or ""))
    aliases = [alias for alias in settings.get("Aliases") or [] if alias not in added]
    return kept | {"Aliases": aliases} if aliases else kept


def _chosen_mac(name: str, settings: Document, container: Document, api_version: str) -> str:
    """The MAC address that was asked for, as far as an engine tells.

    Until API 1.52 the config has that of the network that the mode names. The others are shown by
    what they are now: what is derived from the IPv4 address (02:42 and its bytes) is the engine's,
    and would clash once another container gets that address. A random one is kept: one that was
    asked for, which a lease or a licence may hang on, looks the same, and keeping one that was
    not does no harm.
    """
    told = (
        str(container["Config"].get("MacAddress") or "") if name == main_network(container) else ""
    )
    is_told = name == network_mode(container) and not is_at_least(api_version, _MAC_UNTOLD)
    mac = (told if told or is_told else str(settings.get("MacAddress") or "")).lower()
    # Docker 25.0 shows a derived one in the config too.
    return "" if mac == _derived_mac(settings) else mac


def _derived_mac(settings: Document) -> str:
    parts = str(settings.get("IPAddress") or "").split(".")
    return "02:42:" + ":".join(f"{int(part):02x}" for part in parts) if len(parts) == 4 else ""
