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


def test_a_chosen_mac_address_goes_to_the_main_network_alone() -> None:
    networks = {"back": endpoint(), "front": endpoint(MacAddress=MAC)}
    document = container(
        config={"MacAddress": MAC}, host={"NetworkMode": "front"}, networks=networks
    )
    assert endpoints(document, "1.44")[0] == {"back": {}, "front": {"MacAddress": MAC}}


def test_a_mac_address_derived_from_the_ip_address_was_not_chosen() -> None:
    document = container(config={"MacAddress": "02:42:AC:12:00:02"})
    assert endpoints(document, "1.44")[0] == {"bridge": {}}


def test_no_networks_at_all_is_fine() -> None:
    document = container(networks={}) | {"NetworkSettings": {}}
    assert endpoints(document, "1.41") == ({}, {})
