"""Which endpoints a recreated container asks for, and when."""

import pytest

from tests.engine.documents import OLD_ID, Json, container, endpoint
from updates.engine.networks import endpoints, main_network

MAC = "02:11:22:33:44:55"


@pytest.mark.parametrize("mode", ["host", "none", "container:abc"])
def test_without_a_network_of_its_own_nothing_is_asked_for(mode: str) -> None:
    document = container(host={"NetworkMode": mode}, networks={"host": endpoint()})
    assert endpoints(document, "1.41") == ({}, {})
    assert endpoints(document, "1.44") == ({}, {})


def test_nothing_that_an_engine_made_up_is_sent_back() -> None:
    for version in ("1.41", "1.44", "1.51"):
        assert endpoints(container(), version) == ({"bridge": {}}, {})


@pytest.mark.parametrize(
    "chosen",
    [
        {"IPAMConfig": {"IPv4Address": "172.18.0.9", "LinkLocalIPs": ["169.254.1.1"]}},
        {"Aliases": ["web", "www"]},
        {"Links": ["db:database"]},
        {"DriverOpts": {"com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.x=1"}},
        {"GwPriority": 10},
    ],
)
def test_what_the_user_chose_is_sent_back(chosen: Json) -> None:
    document = container(host={"NetworkMode": "front"}, networks={"front": endpoint(**chosen)})
    assert endpoints(document, "1.51") == ({"front": chosen}, {})


def test_the_old_short_id_is_no_alias() -> None:
    short = OLD_ID[:12]
    networks = {
        "front": endpoint(Aliases=[short, "web", f"{short}0"]),
        "back": endpoint(Aliases=[short]),
    }
    created, connected = endpoints(
        container(host={"NetworkMode": "front"}, networks=networks), "1.41"
    )
    assert created == {"front": {"Aliases": ["web", f"{short}0"]}}
    assert connected == {"back": {}}


def test_below_1_44_the_main_network_is_created_and_the_others_connected() -> None:
    networks = {"a": endpoint(), "front": endpoint(), "z": endpoint()}
    document = container(host={"NetworkMode": "front"}, networks=networks)
    assert endpoints(document, "1.43") == ({"front": {}}, {"a": {}, "z": {}})
    assert endpoints(document, "1.44") == ({"a": {}, "front": {}, "z": {}}, {})


@pytest.mark.parametrize(
    ("mode", "networks", "main"),
    [
        ("default", {"back": endpoint(), "bridge": endpoint()}, "bridge"),
        ("net-id", {"back": endpoint(NetworkID="other"), "front": endpoint()}, "front"),
        ("left", {"back": endpoint(NetworkID="other")}, "back"),
        ("left", {}, ""),
    ],
)
def test_the_main_network_is_the_modes_or_the_first(mode: str, networks: Json, main: str) -> None:
    assert main_network(container(host={"NetworkMode": mode}, networks=networks)) == main


@pytest.mark.parametrize("version", ["1.41", "1.44"])
def test_a_host_name_that_the_engine_made_an_alias_is_none(version: str) -> None:
    networks = {"front": endpoint(Aliases=["mail", OLD_ID[:12], "web"])}
    document = container(
        config={"Hostname": "mail"}, host={"NetworkMode": "front"}, networks=networks
    )
    assert endpoints(document, version)[0] == {"front": {"Aliases": ["web"]}}
    assert endpoints(document, "1.45")[0] == {"front": {"Aliases": ["mail", "web"]}}


MADE_UP = "02:42:ac:12:00:02"  # Of the endpoint's own address.
RANDOM = "9e:11:22:33:44:55"


@pytest.mark.parametrize(
    ("version", "told", "front", "back", "sent"),
    [
        # The config tells that of the main network; what it does not tell was not asked for.
        ("1.44", MAC.upper(), MAC, MADE_UP, {"front": MAC}),
        ("1.51", "", RANDOM, MADE_UP, {}),
        ("1.44", None, MADE_UP, MADE_UP, {}),
        # One on another network is shown by what it is.
        ("1.44", "", MADE_UP, MAC, {"back": MAC}),
        ("1.44", MAC, MAC, RANDOM, {"front": MAC, "back": RANDOM}),
        # From 1.52 on the endpoint's is all there is.
        ("1.52", None, MAC, MADE_UP, {"front": MAC}),
        ("1.52", None, MADE_UP, "", {}),
        # Docker 25.0 shows what it derived as if it had been asked for.
        ("1.44", MADE_UP.upper(), MADE_UP, MADE_UP, {}),
        # Below 1.44 an endpoint takes none: it goes along in the config.
        ("1.43", MAC, MAC, MAC, {}),
    ],
)
def test_a_mac_address_is_sent_if_it_was_asked_for(
    version: str, told: str | None, front: str, back: str, sent: Json
) -> None:
    networks = {"front": endpoint(MacAddress=front), "back": endpoint(MacAddress=back)}
    document = container(
        config={} if told is None else {"MacAddress": told},
        host={"NetworkMode": "front"},
        networks=networks,
    )
    asked, connected = endpoints(document, version)
    macs = {name: one["MacAddress"] for name, one in (asked | connected).items() if one}
    assert macs == sent


@pytest.mark.parametrize("mode", ["default", "id of front"])
def test_a_mac_address_is_found_if_the_mode_says_its_network_another_way(mode: str) -> None:
    name = "bridge" if mode == "default" else "front"
    document = container(
        host={"NetworkMode": mode},
        networks={name: endpoint(MacAddress=MAC, NetworkID="id of front")},
    )
    assert endpoints(document, "1.44")[0] == {name: {"MacAddress": MAC}}


def test_no_networks_at_all_is_fine() -> None:
    document = container(networks={}) | {"NetworkSettings": {}}
    assert endpoints(document, "1.41") == ({}, {})
