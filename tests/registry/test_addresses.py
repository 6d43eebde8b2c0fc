"""Where a registry may lead this program, and where not."""

import pytest

from updates.registry.addresses import PeerGuard, Zone, resolve, zone_of
from updates.registry.errors import NotARegistry

NAMES = {
    "registry.example": ("8.8.8.8", "1.1.1.1"),
    "registry.corp": ("10.0.0.5",),
    "localhost": ("127.0.0.1", "::1"),
    "169.254.169.254": ("169.254.169.254",),
}


def guard(home: str, *named: str) -> PeerGuard:
    return PeerGuard(home, named=named, resolver=lambda host: NAMES.get(host, ()))


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ("1.1.1.1", Zone.PUBLIC),
        ("2606:4700::1111", Zone.PUBLIC),
        ("10.1.2.3", Zone.PRIVATE),
        ("192.168.0.1", Zone.PRIVATE),
        ("100.64.0.1", Zone.PRIVATE),
        ("fd00::1", Zone.PRIVATE),
        ("127.0.0.2", Zone.LOOPBACK),
        ("::1", Zone.LOOPBACK),
        ("::ffff:127.0.0.1", Zone.LOOPBACK),
        ("64:ff9b::7f00:1", Zone.LOOPBACK),
        ("::127.0.0.1", Zone.LOOPBACK),
        ("2002:7f00:1::", Zone.LOOPBACK),
        ("2002:808:808::1", Zone.PUBLIC),
        ("2002:a00:5::1", Zone.PRIVATE),
        ("64:ff9b::a00:5", Zone.PRIVATE),
        ("64:ff9b::808:808", Zone.PUBLIC),
        ("64:ff9b:1::808:808", Zone.PRIVATE),
        ("::ffff:10.0.0.5", Zone.PRIVATE),
        ("::ffff:8.8.8.8", Zone.PUBLIC),
        ("fec0::1", Zone.PRIVATE),
        ("172.31.255.255", Zone.PRIVATE),
        ("172.32.0.1", Zone.PUBLIC),
        ("255.255.255.255", Zone.PRIVATE),
        ("169.254.169.254", Zone.LINK_LOCAL),
        ("169.254.170.2", Zone.LINK_LOCAL),
        ("64:ff9b::a9fe:a9fe", Zone.LINK_LOCAL),
        ("2002:a9fe:a9fe::", Zone.LINK_LOCAL),
        ("100.100.100.200", Zone.LINK_LOCAL),
        ("192.0.0.192", Zone.LINK_LOCAL),
        ("fd20:ce::254", Zone.LINK_LOCAL),
        ("::ffff:169.254.169.254", Zone.LINK_LOCAL),
        ("fe80::1%eth0", Zone.LINK_LOCAL),
        ("fd00:ec2::254", Zone.LINK_LOCAL),
        ("168.63.129.16", Zone.LINK_LOCAL),
        ("0.0.0.0", Zone.UNSPECIFIED),
        ("::ffff:0.0.0.0", Zone.UNSPECIFIED),
        ("::", Zone.UNSPECIFIED),
        ("224.0.0.1", Zone.UNSPECIFIED),
    ],
)
def test_every_address_has_its_zone(address: str, zone: Zone) -> None:
    assert zone_of(address) is zone


@pytest.mark.parametrize(
    ("home", "host", "address"),
    [
        ("registry.example", "auth.example", "1.1.1.1"),
        ("registry.example", "registry.example", "10.0.0.5"),
        ("Registry.Example", "registry.example", "127.0.0.1"),
        ("registry.corp", "auth.corp", "192.168.1.1"),
        ("localhost", "127.0.0.1", "127.0.0.1"),
        ("localhost", "auth.corp", "10.0.0.5"),
        ("169.254.169.254", "169.254.169.254", "169.254.169.254"),
    ],
)
def test_what_is_public_or_as_near_as_the_registry_is_admitted(
    home: str, host: str, address: str
) -> None:
    guard(home).admit(host, address)


@pytest.mark.parametrize(
    ("home", "host", "address"),
    [
        ("registry.example", "auth.example", "10.0.0.5"),
        ("registry.example", "auth.example", "127.0.0.1"),
        ("registry.example", "auth.example", "169.254.169.254"),
        ("registry.example", "0.0.0.0", "0.0.0.0"),
        ("registry.corp", "auth.corp", "127.0.0.1"),
        ("registry.corp", "auth.corp", "169.254.169.254"),
        ("localhost", "auth", "169.254.169.254"),
        ("unknown.example", "auth.corp", "10.0.0.5"),
    ],
)
def test_what_lies_nearer_than_the_registry_is_refused(home: str, host: str, address: str) -> None:
    with pytest.raises(NotARegistry, match="is not contacted"):
        guard(home).admit(host, address)


def test_the_sentence_names_both_hosts_and_how_near_it_is() -> None:
    with pytest.raises(NotARegistry) as refused:
        guard("registry.example").admit("Auth.Example", "127.0.0.1")

    assert str(refused.value) == (
        "registry.example leads to auth.example, a loopback address: such a host is not contacted"
        " because a registry names it."
    )
    assert not refused.value.retryable


def test_a_private_host_may_be_allowed_by_name() -> None:
    guard("registry.example", "auth.corp").admit("AUTH.corp", "10.0.0.5")


def test_no_name_allows_the_metadata_service() -> None:
    with pytest.raises(NotARegistry):
        guard("registry.example", "meta").admit("meta", "169.254.169.254")


def test_an_unknown_name_has_no_address() -> None:
    assert resolve("127.0.0.1") == ("127.0.0.1",)
    assert resolve("no such name") == ()
    assert resolve("x" * 300) == ()
