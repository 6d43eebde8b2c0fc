"""What an inspect tells of a container's ties."""

from typing import Any

import pytest

from updates.flow.ties import Ties, parent_of, sources


def document(networks: dict[str, Any] | None = None, **host: Any) -> dict[str, Any]:
    return {"HostConfig": host, "NetworkSettings": {"Networks": networks}}


@pytest.mark.parametrize(
    ("host", "ties"),
    [
        ({}, Ties()),
        ({"IpcMode": "container:vpn"}, Ties(ipc="container:vpn")),
        ({"PidMode": "container:abc"}, Ties(pid="container:abc")),
        ({"IpcMode": "private", "PidMode": "host"}, Ties()),
        ({"IpcMode": "shareable", "PidMode": ""}, Ties()),
        ({"IpcMode": "container:", "PidMode": None}, Ties()),
        ({"VolumesFrom": ["data", "more:ro"]}, Ties(volumes_from=("data", "more:ro"))),
        ({"VolumesFrom": None, "Links": None}, Ties()),
        ({"AutoRemove": True}, Ties(removes_itself=True)),
        ({"Links": ["/db:/web/database"]}, Ties(links=("/db:/web/database",))),
    ],
)
def test_the_host_config_names_them(host: dict[str, Any], ties: Ties) -> None:
    assert Ties.of(document(**host)) == ties


def test_links_of_every_network_count_once() -> None:
    networks = {"a": {"Links": ["db:x", "cache"]}, "b": {"Links": ["db:x"]}, "c": {}, "d": None}
    assert Ties.of(document(networks, Links=["/q:/web/q"])).links == ("/q:/web/q", "db:x", "cache")


@pytest.mark.parametrize("odd", [{"HostConfig": {}}, {"HostConfig": {}, "NetworkSettings": None}])
def test_a_document_without_networks_has_no_links(odd: dict[str, Any]) -> None:
    assert Ties.of(odd) == Ties()


def test_they_come_back_from_json() -> None:
    ties = Ties("container:a", "container:b", ("c:ro",), ("d:e",), removes_itself=True)
    plain = ties.to_json()
    assert plain["links"] == ["d:e"]
    assert Ties.from_json(plain | {"unknown": 1}) == ties
    assert Ties.from_json({}) == Ties()


def test_whom_an_entry_names() -> None:
    assert parent_of("container:vpn") == "vpn"
    assert parent_of("shareable") == parent_of("") == parent_of("container") == ""
    assert sources(["/db:/web/alias", "cache", "data:ro"]) == ("db", "cache", "data")
