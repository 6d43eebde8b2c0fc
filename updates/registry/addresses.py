"""Which addresses a registry may lead this program to, by a token realm or a redirect.

A registry is a stranger. Left alone it could have this program, inside its network, ask
the metadata service of the cloud or the loopback for it. Checked on the connected socket,
before a byte is sent, so that a name which resolves differently each time gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from enum import StrEnum

from updates.registry.errors import NotARegistry

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")
# Metadata services that do not live on a link-local address.
_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in (
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
    )
)


class Zone(StrEnum):
    """How far away an address is."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    UNSPECIFIED = "unspecified"


def zone_of(address: str) -> Zone:
    """The zone of an IP address. Raises ValueError if it is none."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local or ip in _LOCAL_NAT64:
            return Zone.PRIVATE
        ip = _embedded(ip) or ip
    if ip.is_unspecified or ip.is_multicast:
        return Zone.UNSPECIFIED
    if ip.is_link_local or ip in _METADATA:
        return Zone.LINK_LOCAL
    if ip.is_loopback:
        return Zone.LOOPBACK
    return Zone.PUBLIC if ip.is_global else Zone.PRIVATE


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address end at; None if it holds none."""
    if ip in _NAT64 or ip in _COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if int(ip) > 1 else None
    return ip.ipv4_mapped or ip.sixtofour


def resolve(host: str) -> tuple[str, ...]:
    """All addresses of a host; none if the name is unknown."""
    try:
        return tuple({str(entry[4][0]) for entry in socket.getaddrinfo(host, None)})
    except (OSError, UnicodeError):
        return ()


class PeerGuard:
    """Admits what is public, what is as near as the registry itself, and private hosts by name."""

    def __init__(
        self,
        home: str,
        *,
        named: Iterable[str] = (),
        resolver: Callable[[str], tuple[str, ...]] = resolve,
    ) -> None:
        self._home = home.lower()
        self._named = frozenset(name.lower() for name in named)
        self._resolver = resolver

    def admit(self, host: str, address: str) -> None:
        """Raises NotARegistry if the registry must not lead to this address."""
        host = host.lower().strip("[]")
        zone = zone_of(address)
        if host == self._home or zone is Zone.PUBLIC:
            return
        if zone is Zone.PRIVATE and host in self._named:
            return
        near = {zone_of(a) for a in self._resolver(self._home)}
        if zone in near or (zone is Zone.PRIVATE and Zone.LOOPBACK in near):
            return
        raise NotARegistry(
            f"{self._home} leads to {host}, a {zone} address: such a host is not contacted"
            " because a registry names it."
        )
